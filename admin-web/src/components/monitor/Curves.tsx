// The figures over time, a chart for each kind of number.
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Sample } from "../../api/types";
import { bytes, rates, times, values, type Values } from "../../lib/monitor";
import { Chart } from "../charts/Chart";
import { Empty } from "../States";
import classes from "./Monitor.module.css";

type Unit = "count" | "percent" | "bytes" | "ms" | "rate" | "days";
type Pick = (sample: Sample) => number | null | undefined;

interface Curve {
  key: "cpu" | "memory" | "connections" | "messages" | "commit" | "queues" | "process" | "database" | "certificate";
  unit: Unit;
  lines: readonly { label: Label; color: string; pick: Pick; isCounter?: true }[];
}

type Label = "cpu" | "memory" | "agents" | "panels" | "sensors" | "in" | "out" | "commit" | "worst" | "queue" | "mails" | "webhooks" | "threads" | "handles" | "database" | "certificate";

const [FIRST, SECOND, THIRD] = ["--bar-seen", "--warning-mark", "--info-mark"];

const CURVES: readonly Curve[] = [
  { key: "cpu", unit: "percent", lines: [{ label: "cpu", color: FIRST, pick: (sample) => sample.cpu_percent }] },
  { key: "memory", unit: "bytes", lines: [{ label: "memory", color: FIRST, pick: (sample) => sample.memory_bytes }] },
  {
    key: "connections",
    unit: "count",
    lines: [
      { label: "agents", color: FIRST, pick: (sample) => sample.connections },
      { label: "sensors", color: SECOND, pick: (sample) => sample.sensors },
      { label: "panels", color: THIRD, pick: (sample) => sample.panels },
    ],
  },
  {
    key: "messages",
    unit: "rate",
    lines: [
      { label: "in", color: FIRST, pick: (sample) => sample.messages_in, isCounter: true },
      { label: "out", color: SECOND, pick: (sample) => sample.messages_out, isCounter: true },
    ],
  },
  {
    key: "commit",
    unit: "ms",
    lines: [
      { label: "commit", color: FIRST, pick: (sample) => sample.commit_ms },
      { label: "worst", color: SECOND, pick: (sample) => sample.commit_worst_ms },
    ],
  },
  {
    key: "queues",
    unit: "count",
    lines: [
      { label: "queue", color: FIRST, pick: (sample) => sample.queue_depth },
      { label: "mails", color: SECOND, pick: (sample) => sample.mails_waiting },
      { label: "webhooks", color: THIRD, pick: (sample) => sample.webhooks_waiting },
    ],
  },
  {
    key: "process",
    unit: "count",
    lines: [
      { label: "handles", color: FIRST, pick: (sample) => sample.file_handles },
      { label: "threads", color: SECOND, pick: (sample) => sample.threads },
    ],
  },
  { key: "database", unit: "bytes", lines: [{ label: "database", color: FIRST, pick: (sample) => sample.database_bytes }] },
  { key: "certificate", unit: "days", lines: [{ label: "certificate", color: FIRST, pick: (sample) => sample.certificate_days_left }] },
];

export function Curves({ samples, isWeek }: { samples: readonly Sample[]; isWeek: boolean }) {
  const { t } = useTranslation();
  const at = useMemo(() => times(samples), [samples]);
  if (samples.length < 2) return <Empty title={t("monitor.young")}>{t("monitor.youngHint")}</Empty>;
  return (
    <div className={classes.grid}>
      {CURVES.map((curve) => (
        <One key={curve.key} curve={curve} samples={samples} at={at} isWeek={isWeek} />
      ))}
    </div>
  );
}

interface OneProps {
  curve: Curve;
  samples: readonly Sample[];
  at: readonly number[];
  isWeek: boolean;
}

function One({ curve, samples, at, isWeek }: OneProps) {
  const { t, i18n } = useTranslation();
  const { key, unit } = curve;
  const formatAt = useTimes(isWeek);
  const formatValue = useUnit(unit);
  const lines = useMemo(
    () => curve.lines.map(({ label, color = "--bar-seen", pick, isCounter }) => ({
      label: t(`monitor.figure.${label}`),
      color,
      values: isCounter ? rates(samples, (sample) => pick(sample) ?? 0) : values(samples, pick),
    })),
    [curve, samples, t],
  );
  const summary = useMemo(() => {
    const parts = lines.map(({ label, values: found }) => `${label}: ${extremes(found, formatValue)}`);
    return t("monitor.summary", { parts: new Intl.ListFormat(i18n.language, { type: "unit" }).format(parts) });
  }, [lines, formatValue, t, i18n.language]);
  return (
    <Chart
      title={t(`monitor.curve.${key}`)}
      summary={summary}
      first={t("monitor.time")}
      kind="lines"
      pad={0}
      isBytes={unit === "bytes"}
      at={at}
      lines={lines}
      formatAt={formatAt}
      formatValue={formatValue}
    />
  );
}

/** "2 – 14": the least and the most. */
function extremes(found: Values, format: (value: number) => string): string {
  const known = found.filter((value) => value !== null);
  if (known.length === 0) return "–";
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return least === most ? format(least) : `${format(least)} – ${format(most)}`;
}

function useTimes(isWeek: boolean): (seconds: number) => string {
  const { i18n } = useTranslation();
  const format = useMemo(
    () => new Intl.DateTimeFormat(i18n.language, isWeek
      ? { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false }
      : { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }),
    [i18n.language, isWeek],
  );
  return useCallback((seconds: number) => format.format(seconds * 1_000), [format]);
}

const SUFFIX: Record<Exclude<Unit, "bytes">, string> = { count: "", percent: " %", ms: " ms", rate: "/s", days: " d" };

function useUnit(unit: Unit): (value: number) => string {
  const { i18n } = useTranslation();
  const format = useMemo(() => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }), [i18n.language]);
  return useCallback(
    (value: number) => (unit === "bytes" ? bytes(value, i18n.language) : `${format.format(value)}${SUFFIX[unit]}`),
    [format, unit, i18n.language],
  );
}
