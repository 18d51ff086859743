// For how long things are kept: the fields of the form, and what a change would delete.
import type { Retention } from "../api/types";

export const KINDS = ["events_days", "alerts_days", "connections_days", "messages_days", "actions_days"] as const;
export type Kind = (typeof KINDS)[number];
export type Fields = Record<Kind, string>;

export const MOST_DAYS = 4_000;

export function toFields(kept: Retention): Fields {
  return Object.fromEntries(KINDS.map((kind) => [kind, String(kept[kind] ?? "")])) as Fields;
}

export function isWrong(text: string): boolean {
  return text.trim() !== "" && !(/^\d{1,4}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= MOST_DAYS);
}

/** What the fields say; null where things are kept for ever. */
export function toRetention(fields: Fields): Retention {
  return Object.fromEntries(KINDS.map((kind) => [kind, fields[kind].trim() === "" ? null : Number(fields[kind])])) as Record<Kind, number | null>;
}

/** The kinds of which less is kept than before: something may be deleted. */
export function shortened(before: Partial<Retention>, after: Partial<Retention>): Kind[] {
  return KINDS.filter((kind) => (after[kind] ?? Infinity) < (before[kind] ?? Infinity));
}

/** What is typed, with the hub's new values where nobody had touched the old ones. */
export function followed(typed: Fields, before: Fields, now: Fields): Fields {
  return Object.fromEntries(KINDS.map((kind) => [kind, typed[kind] === before[kind] ? now[kind] : typed[kind]])) as Fields;
}
