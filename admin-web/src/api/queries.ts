// What pages ask the hub for, and under which key the answers are kept. Lists are paged by the hub.
import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { applyReceipts } from "../lib/board";
import { api, ApiError, unwrap } from "./client";
import type { AlertDetail, AlertList, AlertSummary, Event, EventList, Receipt } from "./types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The socket says what changes; a new hello invalidates everything.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
    mutations: { retry: false },
  },
});

const PAGE = 100;
const RECENT = 8;

interface Page {
  next_cursor?: string | null;
}

export const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Page) => page.next_cursor ?? undefined,
};

export type Presence = "all" | "online";

export function clientsQuery(presence: Presence, search: string) {
  return infiniteQueryOptions({
    queryKey: ["clients", { presence, search }] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/clients", {
          signal,
          params: {
            query: {
              limit: PAGE,
              ...(pageParam && { cursor: pageParam }),
              ...(search && { search }),
              ...(presence === "online" && { online: true }),
            },
          },
        }),
      ),
    ...paged,
  });
}

/** A page of the latest alerts; news that overtook the answer are in the first. */
export async function alertsPage(cursor?: string, signal?: AbortSignal): Promise<AlertList> {
  const query = { limit: RECENT, ...(cursor && { cursor }) };
  const page = await unwrap(api.GET("/api/alerts", { signal: signal ?? null, params: { query } }));
  const newest = page.alerts[0]?.seq ?? 0;
  const missing = cursor ? [] : heardAlerts.filter((alert) => alert.seq > newest);
  return { ...page, alerts: [...missing.reverse(), ...page.alerts] };
}

export const alertsQuery = infiniteQueryOptions({
  queryKey: ["alerts"] as const,
  queryFn: ({ pageParam, signal }) => alertsPage(pageParam, signal),
  ...paged,
});

export const eventsQuery = infiniteQueryOptions({
  queryKey: ["events"] as const,
  queryFn: async ({ pageParam, signal }): Promise<EventList> => {
    const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
    const page = await unwrap(api.GET("/api/events", { signal, params: { query } }));
    const newest = page.events[0]?.id ?? 0;
    const missing = pageParam ? [] : heardEvents.filter((event) => event.id > newest);
    return { ...page, events: [...missing.reverse(), ...page.events] };
  },
  ...paged,
});

// The socket may overtake an answer that is on its way: what was heard lately completes it.
const HEARD = 100;
let heardAlerts: AlertSummary[] = [];
let heardEvents: Event[] = [];

export function noteAlert(alert: AlertSummary): void {
  if (!heardAlerts.some((old) => old.id === alert.id)) heardAlerts = [...heardAlerts, alert].slice(-HEARD);
}

export function noteEvents(events: readonly Event[]): void {
  heardEvents = [...heardEvents, ...events].slice(-HEARD);
}

/** Forgets everything about the user who left. */
export function forget(): void {
  heardAlerts = [];
  heardEvents = [];
  queryClient.clear();
}

/** Receipts that came while the answer they belong to was still on its way; each request keeps its own. */
interface Overtaking {
  alert: string;
  receipts: Receipt[];
}

const waiting = new Set<Overtaking>();

export function noteReceipts(receipts: readonly Receipt[]): void {
  for (const { alert, receipts: kept } of waiting) kept.push(...receipts.filter((receipt) => receipt.alert === alert));
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alert", id] as const,
    // A receipt that comes while nobody looks makes old data count as fresh: whoever looks again asks again.
    refetchOnMount: "always",
    queryFn: async ({ signal }): Promise<AlertDetail> => {
      const mine: Overtaking = { alert: id, receipts: [] };
      waiting.add(mine);
      try {
        const alert = await unwrap(api.GET("/api/alerts/{id}", { signal, params: { path: { id } } }));
        return applyReceipts(alert, mine.receipts);
      } finally {
        waiting.delete(mine);
      }
    },
  });
}
