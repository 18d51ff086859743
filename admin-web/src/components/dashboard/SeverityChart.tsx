// Stacked bars by uPlot. The table beside it says the same to who sees no chart.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { SeriesPoint } from "../../api/types";
import { stacked } from "../../lib/dashboard";
import { SEVERITIES } from "../../lib/severity";
import classes from "./Dashboard.module.css";

const HEIGHT = 220;

interface Props {
  points: readonly SeriesPoint[];
  label: string;
}

export default function SeverityChart({ points, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const { i18n } = useTranslation();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const chart = new uPlot(options(element, i18n.language, stepOf(points)), dataOf(points), element);
    const fit = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    return () => {
      fit.disconnect();
      chart.destroy();
    };
  }, [points, scheme, i18n.language]);
  return <div ref={box} className={classes.chart} role="img" aria-label={label} data-testid="severity-chart" />;
}

/** The tallest stack first, so that the milder ones are painted over it. */
function dataOf(points: readonly SeriesPoint[]): uPlot.AlignedData {
  const sums = stacked(points);
  return [points.map((point) => Date.parse(point.at) / 1_000), ...SEVERITIES.toReversed().map((severity) => sums[severity])];
}

/** Seconds from one point to the next. */
function stepOf([first, second]: readonly SeriesPoint[]): number {
  return first && second ? (Date.parse(second.at) - Date.parse(first.at)) / 1_000 : 0;
}

function options(element: HTMLElement, language: string, step: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], align: 1 });
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
  const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // A bar stands to the right of the moment at which its step begins.
      x: { range: (_, first, last) => [first, last + step] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
    },
    axes: [
      { ...axis, space: 70, values: (_, ticks, __, ___, apart) => ticks.map((tick) => (apart >= 86_400 ? day : hour).format(tick * 1_000)) },
      { ...axis, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000, 100_000, 1_000_000] },
    ],
    series: [
      {},
      ...SEVERITIES.toReversed().map((severity) => ({
        fill: colour(`--${severity}-mark`),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      })),
    ],
  };
}
