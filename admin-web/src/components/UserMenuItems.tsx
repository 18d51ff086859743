// What belongs to the user: theme, language, help, the way out. Open from the start: somebody has asked for it.
import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LanguageItems, ThemeItems } from "./ChoiceItems";
import { IconDeviceDesktopPlus, IconKeyboard, IconLogout, IconUser, IconUserCircle } from "./icons";
import type { UserMenuProps } from "./UserMenu";
import classes from "./Header.module.css";

export function UserMenuItems({ session, onEnrol, onHelp, onLeave }: UserMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu defaultOpened position="bottom-end" width={240} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} radius="xl" aria-label={t("nav.user", { name: session.username })}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{session.username}</strong>
          <span>{t(`role.${session.role}`)}</span>
        </div>
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <LanguageItems />
        <Menu.Divider />
        {onEnrol && (
          <Menu.Item leftSection={<IconDeviceDesktopPlus size={16} />} onClick={onEnrol}>
            {t("enrol.open")}
          </Menu.Item>
        )}
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          {t("nav.account")}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {t("help.open")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onLeave}>
          {t("nav.leave")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
