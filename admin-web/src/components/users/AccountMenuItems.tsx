// What can be done to an account. Open from the start: somebody has asked for it.
import { ActionIcon, Menu } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconDevicesPc, IconDots, IconFilter, IconKey, IconShieldLock, IconTrash, IconUserCog } from "../icons";
import type { Act } from "./AccountDialogs";
import type { AccountMenuProps } from "./AccountMenu";
import classes from "./Users.module.css";

export function AccountMenuItems({ user, onAct }: AccountMenuProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const begin = (act: Act) => {
    // A dialog gives the focus back to where it was; the item will be gone by then.
    button.current?.focus();
    onAct(user, act);
  };
  return (
    <Menu defaultOpened position="bottom-end" width={220} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon ref={button} size={32} color="gray" aria-label={t("users.actions", { name: user.username })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => begin("password")}>
          {t("users.password")}
        </Menu.Item>
        <Menu.Item leftSection={<IconUserCog size={16} />} onClick={() => begin("role")}>
          {t("users.role")}
        </Menu.Item>
        {user.role === "technician" && (
          <Menu.Item leftSection={<IconFilter size={16} />} onClick={() => begin("limits")}>
            {t("limits.open")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconDevicesPc size={16} />} onClick={() => begin("sessions")}>
          {t("users.sessions")}
        </Menu.Item>
        {user.totp && (
          <Menu.Item leftSection={<IconShieldLock size={16} />} onClick={() => begin("totp")}>
            {t("account.reset")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item className={classes.delete} leftSection={<IconTrash size={16} />} onClick={() => begin("delete")}>
          {t("users.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
