// Names with a figure each, the largest first; the bar behind says the share at a glance.
import type { ReactNode } from "react";
import { Section } from "../Section";
import { Empty } from "../States";
import charts from "../charts/Charts.module.css";
import classes from "./Statistics.module.css";

interface Row {
  name: string;
  size: number;
  figures: readonly string[];
}

interface Props {
  title: string;
  columns: readonly string[];
  rows: readonly Row[];
  empty: string;
  emptyHint: string;
  icon: ReactNode;
}

export function Ranking({ title, columns, rows, empty, emptyHint, icon }: Props) {
  const largest = Math.max(1, ...rows.map(({ size }) => size));
  if (rows.length === 0) {
    return (
      <Section title={title}>
        <Empty icon={icon} title={empty}>
          {emptyHint}
        </Empty>
      </Section>
    );
  }
  return (
    <Section title={title}>
      <div className={classes.ranking} tabIndex={0} role="group" aria-label={title}>
        <table className={`${charts.table} figures`}>
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, size, figures }) => (
              <tr key={name}>
                <th scope="row" className={classes.name}>
                  <span>{name}</span>
                  <span className={classes.bar} style={{ width: `${(size / largest) * 100}%` }} aria-hidden />
                </th>
                {figures.map((figure, index) => (
                  <td key={columns[index + 1]}>{figure}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
