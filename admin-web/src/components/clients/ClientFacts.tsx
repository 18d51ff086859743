// What is known of one client, and what is wrong with it in words.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { countsQuery } from "../../api/clients";
import type { ClientView } from "../../api/types";
import { IconAlertTriangle } from "../icons";
import { When } from "../When";
import { Contact } from "./ClientRow";
import { useSpan } from "./ImportantDialog";
import { KeyState } from "./RotateKey";
import classes from "./Clients.module.css";

export function ClientFacts({ client }: { client: ClientView }) {
  const { t } = useTranslation();
  const span = useSpan();
  const newest = useQuery({ ...countsQuery({}), enabled: client.outdated }).data?.newest_version;
  return (
    <>
      {client.gone_noticed_at && (
        <p className={classes.notice} data-kind="bad" role="status">
          <IconAlertTriangle size={18} />
          <span>
            {t("directory.goneSince")} <When at={client.gone_noticed_at} />
          </span>
        </p>
      )}
      {client.legacy && (
        <p className={classes.notice}>
          <IconAlertTriangle size={18} />
          <span>{t("directory.legacyHint")}</span>
        </p>
      )}
      <dl className={classes.facts}>
        <dt>{t("directory.state")}</dt>
        <dd data-testid="client-state" data-online={client.online || undefined}>
          <span className={classes.dot} aria-hidden />
          <Contact client={client} />
        </dd>
        <dt>{t("directory.address")}</dt>
        <dd translate="no">{client.address ?? "—"}</dd>
        <dt>{t("directory.version")}</dt>
        <dd>
          <span translate="no">{client.version ?? t("directory.unknown")}</span>
          {client.outdated && (
            <span className={classes.soft}>
              {t("directory.outdated")}
              {newest && `, ${t("directory.outdatedBy", { version: newest })}`}
            </span>
          )}
        </dd>
        <dt>{t("directory.os")}</dt>
        <dd translate="no">{client.os ?? "—"}</dd>
        {client.important_after_s && (
          <>
            <dt>{t("directory.important")}</dt>
            <dd>{t("directory.importantAfterShort", { span: span(client.important_after_s) })}</dd>
          </>
        )}
        <dt>{t("directory.created")}</dt>
        <dd>
          <When at={client.created_at} />
        </dd>
        <dt>{t("directory.key")}</dt>
        <KeyState client={client} />
      </dl>
    </>
  );
}
