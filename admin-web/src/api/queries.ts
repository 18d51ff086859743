// What pages ask the hub for, and under which key the answers are kept. Lists are paged by the hub.
import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { applyReceipts } from "../lib/board";
import { api, ApiError, unwrap } from "./client";
import type { AlertDetail, Receipt } from "./types";

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

const paged = {
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

export const alertsQuery = infiniteQueryOptions({
  queryKey: ["alerts"] as const,
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET("/api/alerts", { signal, params: { query: { limit: RECENT, ...(pageParam && { cursor: pageParam }) } } })),
  ...paged,
});

export const eventsQuery = infiniteQueryOptions({
  queryKey: ["events"] as const,
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET("/api/events", { signal, params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
  ...paged,
});

/** Receipts that came while the answer they belong to was still on its way. */
const overtaking = new Map<string, Receipt[]>();

export function noteReceipts(receipts: readonly Receipt[]): void {
  if (overtaking.size === 0) return;
  for (const receipt of receipts) overtaking.get(receipt.alert)?.push(receipt);
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alert", id] as const,
    queryFn: async ({ signal }): Promise<AlertDetail> => {
      overtaking.set(id, []);
      try {
        const alert = await unwrap(api.GET("/api/alerts/{id}", { signal, params: { path: { id } } }));
        return applyReceipts(alert, overtaking.get(id) ?? []);
      } finally {
        overtaking.delete(id);
      }
    },
  });
}
