// The day at a glance: six numbers, events over time, the last events and mails.
import { useQuery, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { emailsQuery, statsQuery } from "../../api/events";
import { eventsQuery } from "../../api/queries";
import type { DashboardSearch } from "../../lib/dashboard";
import { EventRow } from "../EventRows";
import { IconActivity, IconChevronRight, IconMail } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { EmailRow } from "./EmailRow";
import { SeverityOverTime } from "./SeverityOverTime";
import classes from "./Dashboard.module.css";

const SHOWN = 5;
const CARDS = ["critical", "error", "warning", "info"] as const;

export function Overview() {
  return (
    <div className={classes.overview}>
      <Indicators />
      <SeverityOverTime />
      <div className={classes.pair}>
        <LastEvents />
        <LastMails />
      </div>
    </div>
  );
}

function Indicators() {
  const { t, i18n } = useTranslation();
  const stats = useQuery(statsQuery);
  const figures = new Intl.NumberFormat(i18n.language);
  if (stats.isError && !stats.data) return <Failure title={t("dashboard.statsFailed")} error={stats.error} onRetry={() => void stats.refetch()} />;
  const { total_events: total, severity, email } = stats.data ?? {};
  const show = (count: number | undefined) => (count === undefined ? "–" : figures.format(count));
  return (
    <ul className={classes.cards} aria-label={t("dashboard.indicators")} aria-busy={stats.isPending}>
      <Card label={t("dashboard.total")} value={show(total)} search={{ tab: "events" }} kind="total" />
      {CARDS.map((one) => (
        <Card key={one} label={t(`severity.${one}`)} value={show(severity?.[one])} search={{ tab: "events", severity: one }} kind={one} />
      ))}
      <Card
        label={t("dashboard.mailCard")}
        value={show(email?.sent)}
        note={t("dashboard.mailFailed", { count: email?.failed ?? 0 })}
        search={{ tab: "mail" }}
        kind={email && email.failed > 0 ? "error" : "mail"}
      />
    </ul>
  );
}

interface CardProps {
  label: string;
  value: string;
  note?: string;
  search: DashboardSearch;
  kind: string;
}

function Card({ label, value, note, search, kind }: CardProps) {
  return (
    <li className={classes.card} data-kind={kind} data-severity={kind} data-testid={`card-${kind}`}>
      <Link to="/events" search={search} className={classes.cardLink} activeProps={{}}>
        <span className={classes.cardLabel}>{label}</span>
        <span className={`${classes.cardValue} figures`}>{value}</span>
        {note && <span className={`${classes.cardNote} figures`}>{note}</span>}
      </Link>
    </li>
  );
}

function All({ search }: { search: DashboardSearch }) {
  const { t } = useTranslation();
  return (
    <Link to="/events" search={search} className={classes.all} activeProps={{}}>
      {t("events.all")}
      <IconChevronRight size={16} />
    </Link>
  );
}

function LastEvents() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(eventsQuery);
  const events = list.data?.pages[0]?.events.slice(0, SHOWN) ?? [];
  return (
    <Section title={t("events.latest")} aside={<All search={{ tab: "events" }} />} className={classes.contained}>
      {list.isPending && <SkeletonRows rows={SHOWN} height={56} />}
      {list.isError && !list.data && <Failure title={t("events.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && events.length === 0 && (
        <Empty icon={<IconActivity size={20} />} title={t("events.empty")}>
          {t("events.emptyHint")}
        </Empty>
      )}
      <ul>
        {events.map((event) => (
          <li key={event.id} className={classes.item}>
            <EventRow event={event} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function LastMails() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(emailsQuery({ status: undefined, search: "" }));
  const emails = list.data?.pages[0]?.emails.slice(0, SHOWN) ?? [];
  return (
    <Section title={t("dashboard.lastMails")} aside={<All search={{ tab: "mail" }} />} className={classes.contained}>
      {list.isPending && <SkeletonRows rows={SHOWN} height={56} />}
      {list.isError && !list.data && <Failure title={t("dashboard.mailListFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && emails.length === 0 && (
        <Empty icon={<IconMail size={20} />} title={t("dashboard.noMail")}>
          {t("dashboard.noMailHint")}
        </Empty>
      )}
      <ul>
        {emails.map((email) => (
          <li key={email.id} className={classes.item}>
            <EmailRow email={email} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
