// The latest alerts, each with how far it has come.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alertsQuery } from "../api/queries";
import type { AlertSummary } from "../api/types";
import { audienceWords } from "../lib/audience";
import { IconSpeakerphone } from "./icons";
import { Section } from "./Section";
import { SeenBar } from "./SeenBar";
import { SeverityBadge } from "./Severity";
import { Empty, Failure, SkeletonRows } from "./States";
import { When } from "./When";
import classes from "./RecentAlerts.module.css";

export function RecentAlerts() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(alertsQuery);
  const alerts = list.data?.pages.flatMap((page) => page.alerts) ?? [];
  return (
    <Section title={t("recent.title")}>
      {list.isPending && <SkeletonRows rows={4} height={64} />}
      {list.isError && !list.data && <Failure title={t("recent.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && alerts.length === 0 && (
        <Empty icon={<IconSpeakerphone size={20} />} title={t("recent.empty")}>
          {t("recent.emptyHint")}
        </Empty>
      )}
      {alerts.length > 0 && (
        <ul className={classes.list}>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button variant="subtle" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("recent.older")}
          </Button>
        </div>
      )}
    </Section>
  );
}

export function AlertRow({ alert }: { alert: AlertSummary }) {
  const { t, i18n } = useTranslation();
  const { seen, recipients } = alert.counts;
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <li>
      <Link to="/alerts/$id" params={{ id: alert.id }} className={classes.row} data-testid="recent-alert">
        <SeverityBadge severity={alert.severity} />
        <span className={classes.words}>
          <span className={classes.title}>{alert.title || alert.text}</span>
          <span className={classes.meta}>
            {t("recent.whom", { whom: audienceWords(alert.audience, t) })} · <When at={alert.sent_at} relative />
            {alert.withdrawn_at && <> · {t("board.withdrawn")}</>}
          </span>
        </span>
        <span className={classes.seen}>
          <span className="figures">{t("recent.seen", { seen: figures.format(seen), all: figures.format(recipients) })}</span>
          <SeenBar counts={alert.counts} />
        </span>
      </Link>
    </li>
  );
}
