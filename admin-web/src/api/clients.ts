// What the page of clients asks the hub, and the requests that change clients.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { toClientQuery, type ClientsSearch } from "../lib/clients";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";

const PAGE = 100;
const CONNECTIONS = 20;
/** How often a client that is about to change its key is asked for, ms. */
const ROTATING = 2_000;

type Wanted = Pick<ClientsSearch, "search" | "filter" | "days" | "sort">;

/** Under the key of all lists of clients: what the socket says of one changes them in place. */
export function directoryQuery(wanted: Wanted) {
  return infiniteQueryOptions({
    queryKey: ["clients", { directory: wanted }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...toClientQuery(wanted), limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return unwrap(api.GET("/api/clients", { signal, params: { query } }));
    },
    staleTime: 0,
    ...paged,
  });
}

export function countsQuery({ search, days }: Pick<Wanted, "search" | "days">) {
  return queryOptions({
    queryKey: ["client-counts", { search, days }] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/client-counts", { signal, params: { query: { ...(search && { search }), ...(days && { silent_days: days }) } } })),
    staleTime: 0,
  });
}

export function clientQuery(name: string) {
  return queryOptions({
    queryKey: ["client", name] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/clients/{name}", { signal, params: { path: { name } } })),
    staleTime: 0,
    // The socket says nothing of keys; while one is about to change, which takes a moment, this looks.
    refetchInterval: ({ state: { data } }) => (data?.online && data.rotation.state !== "none" ? ROTATING : false),
  });
}

export function connectionsQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: ["client", name, "connections"] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/clients/{name}/connections", {
          signal,
          params: { path: { name }, query: { limit: CONNECTIONS, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    staleTime: 0,
    ...paged,
  });
}

export async function rotateKey(name: string): Promise<void> {
  await unwrap(api.POST("/api/clients/{name}/rotate-key", { params: { path: { name } } }));
  clientsChanged();
}

export async function revokeClient(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/clients/{name}", { params: { path: { name } } }));
  clientsChanged();
}

export function clientsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["clients"] });
  void queryClient.invalidateQueries({ queryKey: ["client-counts"] });
  void queryClient.invalidateQueries({ queryKey: ["client"] });
}
