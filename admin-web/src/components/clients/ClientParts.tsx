// Parts of the drawer: who else tried the name, what waits, which groups.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ClientView } from "../../api/types";
import { IconShieldExclamation } from "../icons";
import { SeverityBadge } from "../Severity";
import { When } from "../When";
import classes from "./Clients.module.css";

export function Conflicts({ conflicts }: { conflicts: ClientView["conflicts"] }) {
  const { t } = useTranslation();
  if (conflicts.length === 0) return null;
  return (
    <section className={classes.part} data-testid="conflicts">
      <h3>{t("directory.conflicts")}</h3>
      <p className={classes.notice}>
        <IconShieldExclamation size={18} />
        <span>{t("directory.conflictHint")}</span>
      </p>
      <ul className={classes.lines}>
        {conflicts.map(({ address, times, last_at }) => (
          <li key={address}>
            {t("directory.conflict", { count: times, address })} <When at={last_at} relative />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Waiting({ client }: { client: ClientView }) {
  const { t } = useTranslation();
  const more = client.waiting_total - client.waiting.length;
  return (
    <section className={classes.part} data-testid="waiting">
      <h3>
        {t("directory.waiting")} {client.waiting_total > 0 && <span className="figures">{client.waiting_total}</span>}
      </h3>
      {client.waiting_total === 0 && <p className={classes.soft}>{t("directory.noWaiting")}</p>}
      <ul className={classes.alerts}>
        {client.waiting.map((alert) => (
          <li key={alert.id}>
            <Link to="/alerts/$id" params={{ id: alert.id }} className={classes.alert}>
              <SeverityBadge severity={alert.severity} />
              <span className={classes.alertText}>{alert.title || alert.text}</span>
              <span className={classes.soft}>
                <When at={alert.sent_at} relative />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={classes.soft}>{t("directory.waitingMore", { count: more })}</p>}
    </section>
  );
}

export function Groups({ names }: { names: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.part}>
      <h3>{t("directory.groups")}</h3>
      {names.length === 0 && <p className={classes.soft}>{t("directory.noGroups")}</p>}
      <ul className={classes.tags}>
        {names.map((name) => (
          <li key={name}>
            <Link to="/groups/$name" params={{ name }} className={classes.tag} translate="no">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
