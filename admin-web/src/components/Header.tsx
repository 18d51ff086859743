// The bar on every page: where one can go, how fresh the data is, and what belongs to the user.
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Session } from "../lib/session";
import { IconDeviceDesktopPlus, IconHome, IconKeyboard, IconLogout, IconUser } from "./icons";
import { LinkStatus } from "./LinkStatus";
import { LanguageItems, ThemeItems } from "./ChoiceItems";
import { PLACES } from "./nav";
import classes from "./Header.module.css";

interface Props {
  session: Session;
  onEnrol: () => void;
  onHelp: () => void;
  onLeave: () => void;
}

export function Header({ session, onEnrol, onHelp, onLeave }: Props) {
  const { t } = useTranslation();
  const isAdmin = session.role === "admin";
  const narrow = useMediaQuery("(max-width: 460px)", false, { getInitialValueInEffect: false });
  return (
    <header className={classes.header}>
      <Link to={isAdmin ? "/admin" : "/"} className={classes.brand}>
        <img src="/icon.svg" alt="" width={32} height={32} />
        <span className={classes.name}>Pregón</span>
      </Link>
      <nav className={classes.nav} aria-label={t("nav.label")}>
        <Link to={isAdmin ? "/admin" : "/"} className={classes.link} activeOptions={{ exact: true }}>
          <IconHome size={18} />
          <span>{t("nav.start")}</span>
        </Link>
        {PLACES.filter(({ role }) => role === undefined || role === session.role).map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} className={classes.link} activeOptions={{ includeSearch: false }}>
            <Icon size={18} />
            <span>{t(label)}</span>
          </Link>
        ))}
      </nav>
      <div className={classes.right}>
        <LinkStatus />
        {isAdmin && !narrow && (
          <Button className={classes.enrol} variant="default" size="sm" leftSection={<IconDeviceDesktopPlus size={18} />} onClick={onEnrol}>
            <span className={classes.enrolWord}>{t("enrol.open")}</span>
          </Button>
        )}
        <Menu position="bottom-end" width={240} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
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
            {isAdmin && narrow && (
              <Menu.Item leftSection={<IconDeviceDesktopPlus size={16} />} onClick={onEnrol}>
                {t("enrol.open")}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
              {t("help.open")}
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={onLeave}>
              {t("nav.leave")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  );
}
