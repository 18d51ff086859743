// What the address of the events page says: which tab, and what is looked for in it.
import type { EmailStatus, Severity } from "../api/types";
import { asSearched, type Searched } from "./search";
import { SEVERITIES } from "./severity";

export const TABS = ["overview", "create", "events", "mail", "audit"] as const;
export type Tab = (typeof TABS)[number];

export const STATUSES = ["sent", "failed", "skipped"] as const satisfies readonly EmailStatus[];
export const SPANS = [24, 168, 720] as const;
export type Span = (typeof SPANS)[number];

export interface DashboardSearch extends Searched {
  tab?: Tab;
  severity?: Severity;
  channel?: string;
  status?: EmailStatus;
  hours?: Span;
}

function oneOf<T>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

export function asDashboard(search: Record<string, unknown>): DashboardSearch {
  const tab = oneOf(TABS, search["tab"]);
  const severity = oneOf(SEVERITIES, search["severity"]);
  const status = oneOf(STATUSES, search["status"]);
  const channel = typeof search["channel"] === "string" && /^[a-z_]{1,40}$/.test(search["channel"]) ? search["channel"] : undefined;
  const hours = oneOf(SPANS, search["hours"]);
  return { ...asSearched(search), ...(tab && { tab }), ...(severity && { severity }), ...(channel && { channel }), ...(status && { status }), ...(hours && { hours }) };
}

/** Running sums from the mildest severity up: what a chart stacks. */
export function stacked(points: readonly Record<Severity, number>[]): Record<Severity, number[]> {
  const sums: Record<Severity, number[]> = { info: [], warning: [], error: [], critical: [] };
  for (const point of points) {
    let sum = 0;
    for (const severity of SEVERITIES) sums[severity].push((sum += point[severity]));
  }
  return sums;
}
