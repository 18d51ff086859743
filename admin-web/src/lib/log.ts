// What the log's page keeps in its address, and when it looks for new entries.

export interface LogFilter {
  from?: string;
  to?: string;
  user?: string;
  text?: string;
}

export const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof LEVELS)[number];

export interface ServerFilter {
  level?: Level;
  text?: string;
}

export type LogTab = "actions" | "server";

/** Everything of `/admin` that stands in its address. */
export interface AdminSearch extends LogFilter {
  tab?: LogTab;
  level?: Level;
  search?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function asAdminSearch(search: Record<string, unknown>): AdminSearch {
  const words = (key: string) => {
    const value = search[key];
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && text !== "" ? { [key]: text } : {};
  };
  const day = (key: string) => (DAY.test(String(search[key])) ? { [key]: String(search[key]) } : {});
  const level = LEVELS.find((known) => known === search["level"]);
  return {
    ...day("from"),
    ...day("to"),
    ...words("user"),
    ...words("text"),
    ...words("search"),
    ...(search["tab"] === "server" ? { tab: "server" } : {}),
    ...(level ? { level } : {}),
  };
}

export function filterOf({ from, to, user, text }: AdminSearch): LogFilter {
  return { ...(from && { from }), ...(to && { to }), ...(user && { user }), ...(text && { text }) };
}

export const REFRESH_MS = 5 * 60_000;

/** "4:07": the time until the next look. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The entries of a newer page that the shown ones lack. */
export function fresher<T extends { seq: number }>(shown: readonly { seq: number }[], page: readonly T[]): T[] {
  const top = shown[0]?.seq ?? 0;
  return page.filter(({ seq }) => seq > top);
}

/** Before which entry the line of what was read stands; none when all or nothing is new. */
export function lineBefore(actions: readonly { seq: number }[], readSeq: number): number | undefined {
  const first = actions[0]?.seq ?? 0;
  if (readSeq === 0 || first <= readSeq) return undefined;
  return actions.find(({ seq }) => seq <= readSeq)?.seq;
}
