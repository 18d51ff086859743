// The button of an account's row.
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../../api/types";
import { IconDots } from "../icons";
import { UntilClicked } from "../UntilClicked";
import type { Act } from "./AccountDialogs";

export interface AccountMenuProps {
  user: User;
  onAct: (user: User, act: Act) => void;
}

const Opened = lazy(() => import("./AccountMenuItems").then((part) => ({ default: part.AccountMenuItems })));

export function AccountMenu(props: AccountMenuProps) {
  const { t } = useTranslation();
  return (
    <UntilClicked size={32} color="gray" icon={<IconDots size={18} />} aria-label={t("users.actions", { name: props.user.username })}>
      <Opened {...props} />
    </UntilClicked>
  );
}
