// Groups without a screen: names from pasted text, who is where, and what the hub did not accept.
import type { FieldError, Group, Presence } from "../api/types";
import { fold } from "./board";

/** How the hub counts: members of a group, characters of a name. */
export const GROUP_MEMBERS = 20_000;
export const NAME_CHARS = 64;

/** Lines, commas, semicolons and tabs part names; a name with one of them stands in double quotes. */
const PARTS = /"([^"\n]*)"|([^,;\n\r\t]+)/g;

/** The names of a typed or pasted list, in its order, each once. */
export function parseMembers(text: string): string[] {
  const names = [...text.matchAll(PARTS)].map(([, quoted, plain]) => tidy(quoted ?? plain ?? ""));
  return merge([], names.filter((name) => name !== ""));
}

/** `names` after `members`, without those that are there already whatever their case, accents and spaces. */
export function merge(members: readonly string[], names: readonly string[]): string[] {
  const known = new Set(members.map(alike));
  const fresh = names.filter((name) => {
    const key = alike(name);
    return !known.has(key) && known.add(key);
  });
  return [...members, ...fresh];
}

export function tidy(name: string): string {
  return name.replace(/\s+/gu, " ").trim();
}

/** Only for not listing a name twice; what is really the same, the hub decides. */
export function alike(name: string): string {
  return tidy(name).normalize("NFC").toLowerCase();
}

/** Everybody in the group, sorted for the eye. */
export function membersOf(group: Group, language: string): string[] {
  const names = new Intl.Collator(language, { numeric: true });
  return [...group.connected, ...group.disconnected, ...group.unknown].sort(names.compare);
}

export const PLACES = ["connected", "disconnected", "unknown"] as const;
export type Place = (typeof PLACES)[number];

/** The place a word from the address names. */
export function asPlace(word: unknown): Place {
  return PLACES.find((place) => place === word) ?? "connected";
}

/** The group after clients came or went. Who was not enrolled and connects is enrolled now. */
export function movePresence(group: Group, presences: Iterable<Presence>): Group {
  // A group may write a name in other letters than the client has.
  const now = new Map([...presences].map(({ client, online }) => [alike(client), online ? "connected" : "disconnected"] as const));
  const moved: Record<Place, string[]> = { connected: [], disconnected: [], unknown: [] };
  const next = { ...group };
  for (const place of PLACES) {
    next[place] = group[place].filter((name) => {
      const wanted = now.get(alike(name)) ?? place;
      if (wanted !== place) moved[wanted].push(name);
      return wanted === place;
    });
  }
  if (PLACES.every((place) => moved[place].length === 0)) return group;
  for (const place of PLACES) next[place] = [...next[place], ...moved[place]];
  return next;
}

/** The names that match a search, sorted for the eye. */
export function found(names: readonly string[], search: string, language: string): string[] {
  const wanted = fold(search.trim());
  const order = new Intl.Collator(language, { numeric: true });
  return names.filter((name) => wanted === "" || fold(name).includes(wanted)).sort(order.compare);
}

/** What the hub says about fields, told apart: the name, all members together, and single members by their name. */
export interface GroupFaults {
  name: string | null;
  members: string | null;
  each: ReadonlyMap<string, string>;
}

export function groupFaults(errors: readonly FieldError[], sent: readonly string[]): GroupFaults {
  const each = new Map<string, string>();
  let name: string | null = null;
  let members: string | null = null;
  for (const { field, reason } of errors) {
    const member = sent[Number(/^members\[(\d+)\]/.exec(field ?? "")?.[1] ?? Number.NaN)];
    if (member !== undefined) each.set(member, reason);
    else if (field === "name") name ??= reason;
    else members ??= reason;
  }
  return { name, members, each };
}
