// A chart with its legend, and the same figures as a table.
import { SegmentedControl } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../Section";
import { Plot, type PlotProps } from "./Plot";
import classes from "./Charts.module.css";

interface Props extends Omit<PlotProps, "label" | "onPoint"> {
  title: string;
  /** What the chart says, in one sentence. */
  summary: string;
  /** Heading of the first column of the table. */
  first: string;
  /** Stands instead of chart and table. */
  empty?: ReactNode;
}

export function Chart({ title, summary, first, empty, ...plot }: Props) {
  const { t } = useTranslation();
  const [view, setView] = useState("chart");
  const [point, setPoint] = useState<number | null>(null);
  const { at, lines, formatAt, formatValue } = plot;
  const switcher = (
    <SegmentedControl
      size="xs"
      aria-label={t("charts.view", { title })}
      value={view}
      onChange={setView}
      data={[
        { value: "chart", label: t("charts.chart") },
        { value: "table", label: t("charts.table") },
      ]}
    />
  );
  if (empty) return <Section title={title}>{empty}</Section>;
  if (view === "table") {
    return (
      <Section title={title} aside={switcher}>
        <Table caption={title} first={first} {...plot} />
      </Section>
    );
  }
  const shown = point !== null && at[point] !== undefined ? point : null;
  return (
    <Section title={title} aside={switcher}>
      <div className={classes.body}>
        <Plot {...plot} label={`${title}. ${summary}`} onPoint={setPoint} />
        <ul className={`${classes.legend} figures`}>
          {shown !== null && <li className={classes.when}>{formatAt(at[shown] ?? 0)}</li>}
          {lines.map(({ label, color, values }) => (
            <li key={label}>
              <span className={classes.swatch} style={{ background: `var(${color})` }} aria-hidden />
              {label}
              {shown !== null && <strong>{values[shown] == null ? "–" : formatValue(values[shown])}</strong>}
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

function Table({ caption, first, at, lines, formatAt, formatValue }: Pick<Props, "first" | "at" | "lines" | "formatAt" | "formatValue"> & { caption: string }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={caption}>
      <table className={`${classes.table} figures`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {at.map((seconds, index) => (
            <tr key={seconds}>
              <th scope="row">{formatAt(seconds)}</th>
              {lines.map(({ label, values }) => (
                <td key={label}>{values[index] == null ? "–" : formatValue(values[index])}</td>
              ))}
            </tr>
          )).reverse()}
        </tbody>
      </table>
    </div>
  );
}
