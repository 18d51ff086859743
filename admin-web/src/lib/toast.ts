// Notices in the corner. They stay until somebody closes them, unless they only confirm or refuse something small.
import { notifications } from "@mantine/notifications";
import { i18n } from "../i18n";

interface Toast {
  title?: string;
  message: string;
  color?: "petrol" | "orange";
  stays?: boolean;
}

export function toast({ title, message, color = "petrol", stays = false }: Toast): void {
  notifications.show({
    title,
    message,
    color,
    autoClose: stays ? false : 6_000,
    closeButtonProps: { "aria-label": i18n.t("close") },
  });
}
