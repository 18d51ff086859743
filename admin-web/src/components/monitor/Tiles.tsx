// The figures of this moment.
import { useTranslation } from "react-i18next";
import type { Sample } from "../../api/types";
import { bytes, rate } from "../../lib/monitor";
import classes from "./Monitor.module.css";

interface Props {
  now: Sample;
  /** The two latest samples: what a rate is made of. */
  before: Sample | undefined;
  last: Sample | undefined;
}

export function Tiles({ now, before, last }: Props) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const number = (value: number | null | undefined, unit = "") => (value == null ? "–" : `${figures.format(value)}${unit}`);
  const size = (value: number | null | undefined) => (value == null ? "–" : bytes(value, i18n.language));
  const perSecond = (pick: (sample: Sample) => number) => number(before && last ? rate(before, last, pick) : null, "/s");
  const days = now.certificate_days_left;
  const tiles = [
    ["cpu", number(now.cpu_percent, " %")],
    ["memory", size(now.memory_bytes)],
    ["threads", number(now.threads)],
    ["handles", number(now.file_handles)],
    ["agents", number(now.connections)],
    ["panels", number(now.panels)],
    ["sensors", number(now.sensors)],
    ["in", perSecond(({ messages_in }) => messages_in)],
    ["out", perSecond(({ messages_out }) => messages_out)],
    ["queue", number(now.queue_depth)],
    ["mails", number(now.mails_waiting)],
    ["webhooks", number(now.webhooks_waiting)],
    ["commit", number(now.commit_ms, " ms")],
    ["database", size(now.database_bytes)],
    ["disk", size(now.disk_free_bytes)],
    ["certificate", days == null ? "–" : t("monitor.days", { count: days })],
  ] as const;
  return (
    <dl className={`${classes.tiles} figures`}>
      {tiles.map(([key, value]) => (
        <div key={key} className={classes.tile}>
          <dt>{t(`monitor.figure.${key}`)}</dt>
          <dd data-testid={`monitor-${key}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
