// One client in 36 pixels: is it there, who is it, from where, with what, since when.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Client } from "../../api/types";
import { IconAlertTriangle, IconBell, IconClock, IconRefresh, IconShieldExclamation } from "../icons";
import { When } from "../When";
import classes from "./Clients.module.css";

export function Heads({ picks }: { picks: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={classes.heads} data-picks={picks || undefined} aria-hidden>
      <span className={classes.nameHead}>{t("directory.name")}</span>
      <span className={classes.address}>{t("directory.address")}</span>
      <span className={classes.version}>{t("directory.version")}</span>
      <span className={classes.os}>{t("directory.os")}</span>
      <span className={classes.state}>{t("directory.state")}</span>
    </div>
  );
}

interface RowProps {
  client: Client;
  picked: boolean;
  /** For whoever may do something with a selection. */
  onPick?: ((name: string) => void) | undefined;
}

export function ClientRow({ client, picked, onPick }: RowProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.line} data-picked={(picked && onPick !== undefined) || undefined}>
      {onPick && (
        <label className={classes.pick}>
          <input type="checkbox" checked={picked} aria-label={t("directory.act.pickOne", { name: client.name })} onChange={() => onPick(client.name)} />
        </label>
      )}
      <Link
        to="/clients"
        search={(old) => ({ ...old, client: client.name })}
        className={classes.row}
        data-testid="directory-row"
        data-online={client.online || undefined}
      >
        <span className={classes.dot} aria-hidden />
        <span className={classes.name} translate="no" title={client.name}>
          {client.name}
        </span>
        <Marks client={client} />
        <span className={classes.address} translate="no">{client.address}</span>
        <span className={classes.version} translate="no" title={client.version ?? undefined}>{client.version}</span>
        <span className={classes.os} translate="no" title={client.os ?? undefined}>{client.os}</span>
        <span className={classes.state}>
          <Contact client={client} />
        </span>
      </Link>
    </div>
  );
}

/** Connected or seen, and when. */
export function Contact({ client }: { client: Client }) {
  const { t } = useTranslation();
  if (client.online) return <>{t("clients.isOnline")} {client.since && <When at={client.since} relative />}</>;
  if (client.last_seen) return <>{t("clients.lastSeen")} <When at={client.last_seen} relative /></>;
  return <>{t("clients.never")}</>;
}

/** What is special about it: a sign, and the word for it. */
function Marks({ client }: { client: Client }) {
  const { t } = useTranslation();
  const marks: [string, string, ReactNode][] = [];
  if (client.gone_noticed_at) marks.push(["gone", t("directory.goneSince"), <IconAlertTriangle size={15} />]);
  else if (client.important_after_s) marks.push(["important", t("directory.important"), <IconBell size={15} />]);
  if (client.disputed_at) marks.push(["disputed", t("directory.disputed"), <IconShieldExclamation size={15} />]);
  if (client.outdated) marks.push(["outdated", t("directory.outdated"), <IconRefresh size={15} />]);
  if (client.legacy) marks.push(["legacy", t("directory.legacy"), <IconClock size={15} />]);
  if (marks.length === 0) return null;
  return (
    <span className={classes.marks}>
      {marks.map(([kind, word, icon]) => (
        <span key={kind} className={classes.mark} data-kind={kind} title={word}>
          {icon}
          <span className="visually-hidden">{word}</span>
        </span>
      ))}
    </span>
  );
}
