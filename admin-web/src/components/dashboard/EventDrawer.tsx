// One event in full, with what its sensor really sent, and its mail.
import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../api/client";
import type { Event } from "../../api/types";
import { exact } from "../../lib/time";
import { eventWords } from "../../lib/noticed";
import { CopyButton } from "../CopyButton";
import { useChannelName } from "../EventRows";
import { SeverityBadge } from "../Severity";
import { EmailRow } from "./EmailRow";
import classes from "./Dashboard.module.css";

export function EventDrawer({ event, onClose }: { event: Event | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={event !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={event && t("dashboard.event", { id: event.id })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {event && <Detail event={event} />}
    </Drawer>
  );
}

function Detail({ event }: { event: Event }) {
  const { t, i18n } = useTranslation();
  const name = useChannelName();
  const raw = JSON.stringify(event.raw_payload, null, 2);
  const mails = useQuery({
    queryKey: ["emails", { event: event.id }] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/emails", { signal, params: { query: { event: event.id } } })),
  });
  const emails = mails.data?.emails ?? [];
  return (
    <div className={classes.detail}>
      <dl className={classes.facts}>
        <dt>{t("dashboard.facts.severity")}</dt>
        <dd>
          <SeverityBadge severity={event.severity} />
        </dd>
        <dt>{t("dashboard.facts.source")}</dt>
        <dd translate="no">{event.source}</dd>
        <dt>{t("dashboard.facts.message")}</dt>
        <dd>{eventWords(event, t)}</dd>
        <dt>{t("dashboard.facts.at")}</dt>
        <dd className="figures">{exact(Date.parse(event.created_at), i18n.language)}</dd>
        <dt>{t("dashboard.facts.channel")}</dt>
        <dd>{name(event.channel)}</dd>
      </dl>
      <div className={classes.rawHead}>
        <h3>{t("dashboard.raw")}</h3>
        <CopyButton text={() => raw} label={t("dashboard.copyRaw")} compact />
      </div>
      <pre className={classes.raw} translate="no" tabIndex={0}>
        {raw}
      </pre>
      <h3>{t("dashboard.tab.mail")}</h3>
      {emails.length === 0 && <p className={classes.hint}>{t("dashboard.noMailOfEvent")}</p>}
      <ul className={classes.contained}>
        {emails.map((email) => (
          <li key={email.id}>
            <EmailRow email={email} />
          </li>
        ))}
      </ul>
    </div>
  );
}
