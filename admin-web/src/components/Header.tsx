// The bar on every page: the mark, the way to everything, how fresh the data is, and what belongs to the user.
import { ActionIcon, Button, Kbd, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Session } from "../lib/session";
import { IconDeviceDesktopPlus, IconMenu2, IconSearch } from "./icons";
import { LinkStatus } from "./LinkStatus";
import { UserMenu } from "./UserMenu";
import classes from "./Header.module.css";

interface Props {
  session: Session;
  /** No room for the side: the places are behind a button. */
  narrow: boolean;
  onPlaces: () => void;
  onSearch: () => void;
  onEnrol: () => void;
  onHelp: () => void;
  onLeave: () => void;
}

export function Header({ session, narrow, onPlaces, onSearch, onEnrol, onHelp, onLeave }: Props) {
  const { t } = useTranslation();
  const mayEnrol = session.role === "admin";
  return (
    <header className={classes.header}>
      {narrow && (
        <ActionIcon className={classes.burger} color="gray" aria-label={t("nav.open")} aria-haspopup="dialog" onClick={onPlaces}>
          <IconMenu2 size={20} />
        </ActionIcon>
      )}
      <Link to="/" className={classes.brand}>
        <img src="/icon.svg" alt="" width={32} height={32} />
        <span className={classes.name}>Pregón</span>
      </Link>
      <UnstyledButton className={classes.search} aria-keyshortcuts="Control+K" onClick={onSearch}>
        <IconSearch size={16} />
        <span className={classes.searchWord}>{t("palette.open")}</span>
        <Kbd className={classes.searchKey} aria-hidden>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <div className={classes.right}>
        <LinkStatus />
        {mayEnrol && !narrow && (
          <Button variant="default" size="sm" leftSection={<IconDeviceDesktopPlus size={18} />} onClick={onEnrol}>
            {t("enrol.open")}
          </Button>
        )}
        <UserMenu session={session} {...(mayEnrol && narrow && { onEnrol })} onHelp={onHelp} onLeave={onLeave} />
      </div>
    </header>
  );
}
