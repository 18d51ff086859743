// What the address of the page of clients says: which of them, in which order, and which one is open.
import { asSearched, type Searched } from "./search";

export const FILTERS = ["all", "online", "offline", "silent", "outdated", "legacy", "important", "disputed"] as const;
export type ClientFilter = (typeof FILTERS)[number];

/** A word of the address, what the hub calls it, and whether it is turned round. */
const SORTED = {
  name: ["name", false],
  "name-down": ["name", true],
  "seen-down": ["seen", true],
  seen: ["seen", false],
  "created-down": ["created", true],
  version: ["version", false],
} as const;
export type ClientSort = keyof typeof SORTED;
export const SORTS = Object.keys(SORTED) as readonly ClientSort[];

export const SILENT_DAYS = [1, 7, 14, 30, 90, 365] as const;
const USUAL_DAYS = 30;

/** Why a connection ended, as the hub says it. */
export const ENDS = ["hub_ended", "hub_stopped", "left", "replaced", "revoked", "silent", "slow"] as const;

export interface ClientsSearch extends Searched {
  filter?: ClientFilter;
  days?: number;
  sort?: ClientSort;
  /** The client whose drawer is open. */
  client?: string;
  view?: "codes";
}

/** Reads an address; what makes no sense is left out. */
export function asClients(search: Record<string, unknown>): ClientsSearch {
  const filter = FILTERS.find((known) => known === search["filter"]);
  const sort = SORTS.find((known) => known === search["sort"]);
  const days = Number(search["days"]);
  const client = search["client"];
  return {
    ...asSearched(search),
    ...(filter && filter !== "all" && { filter }),
    ...(sort && sort !== "name" && { sort }),
    ...(Number.isInteger(days) && days >= 1 && days <= 3650 && days !== USUAL_DAYS && { days }),
    // The router reads a number where a client is called by one.
    ...(((typeof client === "string" && client !== "") || typeof client === "number") && { client: String(client) }),
    ...(search["view"] === "codes" && { view: "codes" as const }),
  };
}

/** What the hub is asked for. */
export function toClientQuery({ search, filter, days, sort }: ClientsSearch) {
  const [by, descending] = SORTED[sort ?? "name"];
  return {
    ...(search && { search }),
    ...(filter && { filter }),
    ...(days && { silent_days: days }),
    ...(by !== "name" && { sort: by }),
    ...(descending && { descending }),
  };
}

/** After how long an important client may be missed, in seconds. */
export const ABSENCES = [300, 900, 1_800, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800] as const;

/** A time that somebody chose in words: as few units as say it exactly. */
export function inUnits(seconds: number): { unit: "minute" | "hour" | "day"; count: number } {
  if (seconds % 86_400 === 0) return { unit: "day", count: seconds / 86_400 };
  if (seconds % 3_600 === 0) return { unit: "hour", count: seconds / 3_600 };
  return { unit: "minute", count: Math.round(seconds / 60) };
}
