// What the monitor's address says, and how its samples become lines.
import type { ConnectionEntry, Sample, TrafficEntry } from "../api/types";
import { asSearched, type Searched } from "./search";

export const TABS = ["figures", "traffic", "connections"] as const;
export type Tab = (typeof TABS)[number];

export const KINDS = ["connected", "left", "rejected"] as const satisfies readonly ConnectionEntry["kind"][];
export type Kind = (typeof KINDS)[number];

export const PEERS = ["agent", "panel", "sensor"] as const satisfies readonly TrafficEntry["kind"][];
export type PeerKind = (typeof PEERS)[number];

export interface MonitorPlace extends Searched {
  tab?: Tab;
  span?: "week";
  kind?: Kind;
  of?: PeerKind;
}

export function asMonitorPlace(search: Record<string, unknown>): MonitorPlace {
  const tab = TABS.find((one) => one === search["tab"]);
  const kind = KINDS.find((one) => one === search["kind"]);
  const of = PEERS.find((one) => one === search["of"]);
  return { ...asSearched(search), ...(of && { of }), ...(tab && { tab }), ...(kind && { kind }), ...(search["span"] === "week" ? { span: "week" } : {}) };
}

export type Values = (number | null)[];

/** Seconds since 1970 of each sample. */
export function times(samples: readonly Sample[]): number[] {
  return samples.map(({ at }) => Date.parse(at) / 1_000);
}

export function values(samples: readonly Sample[], pick: (sample: Sample) => number | null | undefined): Values {
  return samples.map((sample) => pick(sample) ?? null);
}

/** A counter as so many a second between two samples; a restart of the hub begins anew at 0 and is a gap. */
export function rates(samples: readonly Sample[], pick: (sample: Sample) => number): Values {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    return before ? rate(before, sample, pick) : null;
  });
}

export function rate(before: Sample, after: Sample, pick: (sample: Sample) => number): number | null {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1_000;
  const more = pick(after) - pick(before);
  return seconds > 0 && more >= 0 ? more / seconds : null;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** "12.4 MiB", in the numbers of the language. */
export function bytes(count: number, language: string): string {
  let size = count;
  let unit = 0;
  while (size >= 1_024 && unit < UNITS.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  const digits = size >= 100 || unit === 0 ? 0 : 1;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(size)} ${UNITS[unit]}`;
}
