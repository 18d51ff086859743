// How many clients there are, and how many of them are online now.
import { useInfiniteQuery } from "@tanstack/react-query";
import { clientsQuery } from "../api/queries";
import { link } from "../api/socket";
import { useStore } from "./store";

export interface Totals {
  online: number;
  all: number;
}

/** Live: the socket says who is online, the list how many there are. Unknown until one of them has spoken. */
export function useTotals(): Totals | null {
  const { hello, online } = useStore(link);
  const first = useInfiniteQuery(clientsQuery("all", "")).data?.pages[0];
  const all = first?.total ?? hello?.clients;
  const now = hello ? online : first?.online;
  if (all === undefined || now === undefined) return null;
  // The list may be a moment behind.
  return { online: now, all: Math.max(all, now) };
}
