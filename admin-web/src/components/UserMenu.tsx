// The user's button. What opens behind it comes with the first click: the first load does without it.
import { ActionIcon } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../lib/session";
import { IconUser } from "./icons";

export interface UserMenuProps {
  session: Session;
  /** Only where the bar has no room for its button. */
  onEnrol?: () => void;
  onHelp: () => void;
  onLeave: () => void;
}

const Opened = lazy(() => import("./UserMenuItems").then(({ UserMenuItems: component }) => ({ default: component })));

export function UserMenu(props: UserMenuProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const button = (
    <ActionIcon
      variant="default"
      size={36}
      radius="xl"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={t("nav.user", { name: props.session.username })}
      onClick={() => setWanted(true)}
    >
      <IconUser size={18} />
    </ActionIcon>
  );
  return wanted ? (
    <Suspense fallback={button}>
      <Opened {...props} />
    </Suspense>
  ) : (
    button
  );
}
