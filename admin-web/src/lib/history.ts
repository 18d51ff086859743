// What somebody looks for among the alerts of the past: as it stands in the address, and as the hub is asked.
import type { operations } from "../api/schema";
import type { Severity } from "../api/types";
import { SEVERITIES } from "./severity";

type Query = NonNullable<operations["alerts_list"]["parameters"]["query"]>;

export const STATES = ["standing", "withdrawn", "expired"] as const;
export type StateWord = (typeof STATES)[number];

export interface Filters {
  search?: string;
  severity?: Severity;
  sender?: string;
  group?: string;
  client?: string;
  /** Days as the address has them, `2026-11-21`. */
  from?: string;
  to?: string;
  state?: StateWord;
  drill?: boolean;
  unseen?: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads an address; what makes no sense is left out. */
export function asFilters(search: Record<string, unknown>): Filters {
  const text = (name: string) => {
    const value = search[name];
    return (typeof value === "string" && value.trim() !== "") || typeof value === "number" ? String(value) : undefined;
  };
  const day = (name: string) => {
    const value = text(name);
    return value && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
  };
  const flag = (name: string) => (search[name] === true || search[name] === "true" ? true : undefined);
  const severity = SEVERITIES.find((known) => known === search["severity"]);
  const state = STATES.find((known) => known === search["state"]);
  const found = {
    search: text("search"), severity, sender: text("sender"), group: text("group"), client: text("client"),
    from: day("from"), to: day("to"), state, drill: flag("drill"), unseen: flag("unseen"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function toQuery({ from, to, ...same }: Filters): Query {
  return {
    ...same,
    ...(from && { from: startOf(from, 0) }),
    // A day includes its evening.
    ...(to && { to: startOf(to, 1) }),
  };
}

/** Midnight where the reader is. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}
