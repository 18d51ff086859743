// The user's button.
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../lib/session";
import { IconUser } from "./icons";
import { UntilClicked } from "./UntilClicked";

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
  const label = t("nav.user", { name: props.session.username });
  return (
    <UntilClicked variant="default" size={36} radius="xl" icon={<IconUser size={18} />} aria-label={label}>
      <Opened {...props} />
    </UntilClicked>
  );
}
