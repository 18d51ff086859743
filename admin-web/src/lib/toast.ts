// Notices in the corner. They stay until somebody closes them, unless they only confirm or refuse something small.
import { i18n } from "../i18n";
import { createStore } from "./store";

/** Whether there has been one: what shows them comes with the first. */
export const toasted = createStore(false);

interface Toast {
  title?: string;
  message: string;
  color?: "petrol" | "orange";
  stays?: boolean;
}

export function toast({ title, message, color = "petrol", stays = false }: Toast): void {
  toasted.set(true);
  void import("@mantine/notifications").then(({ notifications }) =>
    notifications.show({
      title,
      message,
      color,
      autoClose: stays ? false : 6_000,
      closeButtonProps: { "aria-label": i18n.t("close") },
    }),
  );
}
