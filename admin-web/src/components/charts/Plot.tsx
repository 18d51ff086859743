// A chart on a canvas, drawn by uPlot in the colours of the theme. What it shows is said beside it in words.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import classes from "./Charts.module.css";

export interface Line {
  label: string;
  /** A token of the theme, like `--info-mark`. */
  color: string;
  values: readonly (number | null)[];
}

export interface PlotProps {
  /** Seconds since 1970, rising. */
  at: readonly number[];
  lines: readonly Line[];
  /** Bars stand on each other, the first at the bottom; lines stand for themselves. */
  kind: "bars" | "lines";
  label: string;
  formatAt: (seconds: number) => string;
  formatValue: (value: number) => string;
  onPoint: (index: number | null) => void;
  /** Seconds of room at both sides: half a day, for bars of days. */
  pad?: number;
  /** The values are bytes: the lines across stand at whole KiB, MiB… */
  isBytes?: boolean;
}

const POWERS_OF_2 = Array.from({ length: 50 }, (_, power) => 2 ** power);

const HALF_A_DAY = 43_200;

const HEIGHT = 240;

export function Plot({ at, lines, kind, label, formatAt, formatValue, onPoint, pad = HALF_A_DAY, isBytes = false }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const drawn = useRef<uPlot | null>(null);
  const latest = useRef({ at, lines });
  latest.current = { at, lines };
  // New figures move in the chart that stands; only other lines make another one.
  const shape = lines.map(({ label: name, color }) => `${name} ${color}`).join();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { at, lines } = latest.current;
    const style = getComputedStyle(element);
    const color = (token: string) => style.getPropertyValue(token).trim();
    const shown = kind === "bars" ? stacked(lines) : lines;
    const axis = { stroke: color("--ink-soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const plot = new uPlot(
      {
        width: Math.max(200, element.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false } },
        scales: { x: { time: true, range: (_, min, max) => [min - pad, max + pad] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
        axes: [
          { ...axis, size: 30, space: 70, values: (_, splits) => splits.map(formatAt) },
          { ...axis, size: 64, ...(isBytes && { incrs: POWERS_OF_2 }), values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? formatValue(value) : "")) },
        ],
        series: [{}, ...shown.map((line) => series(line, kind, color))],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      },
      figures(at, shown),
      element,
    );
    drawn.current = plot;
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.current = null;
      plot.destroy();
    };
  }, [shape, kind, formatAt, formatValue, onPoint, pad, isBytes, scheme]);
  useEffect(() => {
    drawn.current?.setData(figures(at, kind === "bars" ? stacked(lines) : lines));
  }, [at, lines, kind]);
  return <div ref={box} className={classes.plot} role="img" aria-label={label} />;
}

function figures(at: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [at as number[], ...lines.map(({ values }) => values as (number | null)[])];
}

function series({ label, color: token }: Line, kind: PlotProps["kind"], color: (token: string) => string): uPlot.Series {
  if (kind === "lines") return { label, stroke: color(token), width: 2, spanGaps: true, points: { size: 6 } };
  const paths = uPlot.paths.bars?.({ size: [0.7, 36] });
  return { label, fill: color(token), width: 0, points: { show: false }, ...(paths && { paths }) };
}

/** Each bar from the ground to its own top, the highest first, so that the lower ones lie in front. */
function stacked(lines: readonly Line[]): Line[] {
  const tops: Line[] = [];
  let below: number[] = [];
  for (const line of lines) {
    below = line.values.map((value, index) => (value ?? 0) + (below[index] ?? 0));
    tops.unshift({ ...line, values: below });
  }
  return tops;
}
