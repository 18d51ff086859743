// Events of each severity over time, as a chart or as a table of the same numbers.
import { SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { seriesQuery } from "../../api/events";
import type { Series } from "../../api/types";
import { SPANS } from "../../lib/dashboard";
import { SEVERITIES } from "../../lib/severity";
import { IconChartBar } from "../icons";
import { Section } from "../Section";
import { SeverityBadge } from "../Severity";
import { Empty, Failure, SkeletonRows } from "../States";
import classes from "./Dashboard.module.css";

// uPlot comes only to whom looks at a chart.
const SPAN_WORDS = { 24: "day", 168: "week", 720: "month" } as const;
const SeverityChart = lazy(() => import("./SeverityChart"));

export function SeverityOverTime() {
  const { t } = useTranslation();
  const { hours = 24 } = useSearch({ from: "/events" });
  const navigate = useNavigate({ from: "/events" });
  const [view, setView] = useState<"chart" | "table">("chart");
  const series = useQuery({ ...seriesQuery(hours), placeholderData: keepPreviousData });
  const isQuiet = series.data?.points.every((point) => SEVERITIES.every((severity) => point[severity] === 0)) ?? false;
  return (
    <Section
      title={t("dashboard.overTime")}
      aside={
        <div className={classes.tools}>
          <SegmentedControl
            size="xs"
            aria-label={t("dashboard.span")}
            value={String(hours)}
            onChange={(value) => {
              const span = SPANS.find((one) => String(one) === value);
              void navigate({ search: (old) => ({ ...old, ...(span && { hours: span }) }), replace: true });
            }}
            data={SPANS.map((one) => ({ value: String(one), label: t(`dashboard.spans.${SPAN_WORDS[one]}`) }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t("dashboard.view")}
            value={view}
            onChange={(value) => setView(value === "table" ? "table" : "chart")}
            data={[
              { value: "chart", label: t("dashboard.chart") },
              { value: "table", label: t("dashboard.table") },
            ]}
          />
        </div>
      }
    >
      {series.isPending && <SkeletonRows rows={4} height={56} />}
      {series.isError && !series.data && <Failure title={t("dashboard.statsFailed")} error={series.error} onRetry={() => void series.refetch()} />}
      {isQuiet && (
        <Empty icon={<IconChartBar size={20} />} title={t("dashboard.quiet")}>
          {t("dashboard.quietHint")}
        </Empty>
      )}
      {series.data && !isQuiet && view === "table" && <Table series={series.data} />}
      {series.data && !isQuiet && view === "chart" && (
        <Suspense fallback={<SkeletonRows rows={4} height={56} />}>
          <div className={classes.legend} aria-hidden>
            {SEVERITIES.map((severity) => (
              <SeverityBadge key={severity} severity={severity} />
            ))}
          </div>
          <SeverityChart points={series.data.points} label={t("dashboard.chartLabel")} />
        </Suspense>
      )}
    </Section>
  );
}

function Table({ series }: { series: Series }) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  const moment = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  const told = series.points.filter((point) => SEVERITIES.some((severity) => point[severity] > 0)).toReversed();
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={t("dashboard.overTime")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("dashboard.from")}</th>
            {SEVERITIES.map((severity) => (
              <th key={severity} scope="col" className={classes.number}>
                {t(`severity.${severity}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.map((point) => (
            <tr key={point.at}>
              <th scope="row" className="figures">
                {moment.format(Date.parse(point.at))}
              </th>
              {SEVERITIES.map((severity) => (
                <td key={severity} className={`${classes.number} figures`}>
                  {figures.format(point[severity])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
