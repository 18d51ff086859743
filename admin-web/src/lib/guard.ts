// The page of the guard, as its address names it.
import type { SecurityKind, SecurityLevel } from "../api/types";

export const GUARD_TABS = ["events", "bans", "trusted"] as const;
export type GuardTab = (typeof GUARD_TABS)[number];

export const LEVELS = ["low", "high", "critical"] as const satisfies readonly SecurityLevel[];
export const KINDS = [
  "sql_injection", "script_injection", "path_traversal", "scanner", "login", "wrong_key", "wrong_code", "wrong_token", "malformed", "flood", "slow", "ban",
] as const satisfies readonly SecurityKind[];

export interface GuardPlace {
  tab?: GuardTab;
  search?: string;
  level?: SecurityLevel;
  kind?: SecurityKind;
}

export function asGuardPlace(search: Record<string, unknown>): GuardPlace {
  const tab = GUARD_TABS.find((one) => one === search["tab"]);
  const level = LEVELS.find((one) => one === search["level"]);
  const kind = KINDS.find((one) => one === search["kind"]);
  const words = search["search"];
  const isWords = (typeof words === "string" && words !== "") || typeof words === "number";
  return { ...(tab && tab !== "events" && { tab }), ...(level && { level }), ...(kind && { kind }), ...(isWords && { search: String(words) }) };
}

/** The severity whose colour a level has. */
export const COLOUR = { low: "info", high: "warning", critical: "critical" } as const satisfies Record<SecurityLevel, string>;
