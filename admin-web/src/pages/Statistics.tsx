// How the hub is used: alerts a day, who sends, how long it takes until they are seen, who is slow.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { statisticsQuery } from "../api/statistics";
import type { Severity, Statistics as Found } from "../api/types";
import { Chart } from "../components/charts/Chart";
import { IconActivity, IconDeviceDesktop, IconEye, IconUsers } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { RangePicker } from "../components/statistics/RangePicker";
import { Ranking } from "../components/statistics/Ranking";
import { daysOf, point, type Ranged } from "../lib/range";
import { span } from "../lib/time";
import { useTitle } from "../lib/title";
import classes from "../components/statistics/Statistics.module.css";

export function Statistics() {
  const { t } = useTranslation();
  useTitle(t("nav.statistics"));
  const range: Ranged = useSearch({ from: "/statistics" });
  const navigate = useNavigate();
  const days = daysOf(range, Date.now());
  const found = useQuery(statisticsQuery(days.from, days.to));
  return (
    <>
      <PageHead title={t("nav.statistics")} lead={t("statistics.lead")}>
        <RangePicker range={range} days={days} onChange={(search) => void navigate({ to: "/statistics", search })} />
      </PageHead>
      {found.isPending && (
        <Section title={t("statistics.perDay")}>
          <SkeletonRows rows={8} />
        </Section>
      )}
      {found.isError && <Failure title={t("statistics.failed")} error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <div className={found.isPlaceholderData ? classes.stale : undefined}>
          <Tiles found={found.data} />
          <Charts found={found.data} />
        </div>
      )}
    </>
  );
}

const SEVERITIES = ["info", "warning", "error", "critical"] as const satisfies readonly Severity[];

function Tiles({ found }: { found: Found }) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  const time = (seconds: number | null | undefined) => (seconds == null ? "–" : span(seconds * 1000));
  return (
    <dl className={`${classes.tiles} figures`}>
      <div className={classes.tile}>
        <dt>{t("statistics.alerts")}</dt>
        <dd data-testid="statistics-alerts">{figures.format(found.alerts)}</dd>
      </div>
      {SEVERITIES.toReversed().map((severity) => (
        <div key={severity} className={classes.tile} data-severity={severity}>
          <dt>{t(`severity.${severity}`)}</dt>
          <dd>{figures.format(found.severity[severity])}</dd>
        </div>
      ))}
      <div className={classes.tile}>
        <dt>{t("statistics.median")}</dt>
        <dd>{time(found.seen.median_s)}</dd>
      </div>
      <div className={classes.tile}>
        <dt>{t("statistics.p90")}</dt>
        <dd>{time(found.seen.p90_s)}</dd>
      </div>
    </dl>
  );
}

function Charts({ found }: { found: Found }) {
  const { t, i18n } = useTranslation();
  const figures = useMemo(() => new Intl.NumberFormat(i18n.language), [i18n.language]);
  const short = useMemo(() => new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short" }), [i18n.language]);
  const formatAt = useCallback((seconds: number) => short.format(seconds * 1000), [short]);
  const formatCount = useCallback((value: number) => figures.format(value), [figures]);
  const formatTime = useCallback((value: number) => span(value * 1000), []);
  const at = useMemo(() => found.days.map(({ day }) => point(day)), [found]);
  const counts = useMemo(
    () => SEVERITIES.map((one) => ({ label: t(`severity.${one}`), color: `--${one}-mark`, values: found.days.map(({ severity }) => severity[one]) })),
    [found, t],
  );
  const times = useMemo(
    () => [
      { label: t("statistics.median"), color: "--bar-seen", values: found.days.map(({ seen }) => seen.median_s ?? null) },
      { label: t("statistics.p90"), color: "--warning-mark", values: found.days.map(({ seen }) => seen.p90_s ?? null) },
    ],
    [found, t],
  );
  const time = (seconds: number | null | undefined) => (seconds == null ? "–" : span(seconds * 1000));
  const nothing = (
    <Empty icon={<IconActivity size={20} />} title={t("statistics.none")}>
      {t("statistics.noneHint")}
    </Empty>
  );
  const unseen = (
    <Empty icon={<IconEye size={20} />} title={t("statistics.unseen")}>
      {t("statistics.unseenHint")}
    </Empty>
  );
  return (
    <div className={classes.grid}>
      <Chart
        title={t("statistics.perDay")}
        summary={t("statistics.perDaySummary", { count: found.alerts })}
        first={t("statistics.day")}
        kind="bars"
        at={at}
        lines={counts}
        formatAt={formatAt}
        formatValue={formatCount}
        empty={found.alerts === 0 && nothing}
      />
      <Chart
        title={t("statistics.toSeen")}
        summary={t("statistics.toSeenSummary", { median: time(found.seen.median_s), p90: time(found.seen.p90_s) })}
        first={t("statistics.day")}
        kind="lines"
        at={at}
        lines={times}
        formatAt={formatAt}
        formatValue={formatTime}
        empty={found.seen.deliveries === 0 && unseen}
      />
      <Ranking
        title={t("statistics.senders")}
        columns={[t("statistics.sender"), t("statistics.alerts")]}
        rows={found.senders.map(({ sender, alerts }) => ({ name: sender, size: alerts, figures: [figures.format(alerts)] }))}
        icon={<IconActivity size={20} />}
        empty={t("statistics.none")}
        emptyHint={t("statistics.noneHint")}
      />
      <Ranking
        title={t("statistics.slowest")}
        columns={[t("statistics.branch"), t("statistics.median"), t("statistics.p90"), t("statistics.seenCount")]}
        rows={found.slowest.map(({ client, seen }) => ({
          name: client,
          size: seen.median_s ?? 0,
          figures: [time(seen.median_s), time(seen.p90_s), figures.format(seen.deliveries)],
        }))}
        icon={<IconDeviceDesktop size={20} />}
        empty={t("statistics.unseen")}
        emptyHint={t("statistics.unseenHint")}
      />
      <Ranking
        title={t("statistics.users")}
        columns={[t("statistics.user"), t("statistics.actions")]}
        rows={found.users.map(({ username, actions }) => ({ name: username, size: actions, figures: [figures.format(actions)] }))}
        icon={<IconUsers size={20} />}
        empty={t("statistics.idle")}
        emptyHint={t("statistics.idleHint")}
      />
    </div>
  );
}
