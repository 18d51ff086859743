// What the page of clients asks the hub, and the requests that change clients.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { toClientQuery, type ClientsSearch } from "../lib/clients";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";

const PAGE = 100;
const CONNECTIONS = 20;

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

export async function revokeClient(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/clients/{name}", { params: { path: { name } } }));
  clientsChanged();
}

export function clientsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["clients"] });
  void queryClient.invalidateQueries({ queryKey: ["client-counts"] });
  void queryClient.invalidateQueries({ queryKey: ["client"] });
}
