// The button of an account's row. What opens behind it comes with the first click: the list does without it.
import { ActionIcon } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../../api/types";
import { IconDots } from "../icons";
import type { Act } from "./AccountDialogs";

export interface AccountMenuProps {
  user: User;
  onAct: (user: User, act: Act) => void;
}

const Opened = lazy(() => import("./AccountMenuItems").then((part) => ({ default: part.AccountMenuItems })));

export function AccountMenu(props: AccountMenuProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const button = (
    <ActionIcon
      size={32}
      color="gray"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={t("users.actions", { name: props.user.username })}
      onClick={() => setWanted(true)}
    >
      <IconDots size={18} />
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
