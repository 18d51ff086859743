// What the page of clients asks the hub, and the requests that change clients.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { toClientQuery, type ClientsSearch } from "../lib/clients";
import { api, unwrap } from "./client";
import type { Act } from "./types";
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

/** Takes the request back; refused once the PC has made its new key. */
export async function keepKey(name: string): Promise<void> {
  try {
    await unwrap(api.DELETE("/api/clients/{name}/rotate-key", { params: { path: { name } } }));
  } finally {
    clientsChanged();
  }
}

export const enrolmentsQuery = queryOptions({
  queryKey: ["enrolments"] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/enrolments", { signal }))).enrolments,
  staleTime: 0,
});

export interface CodeWanted {
  name?: string;
  uses: number;
  expires_in_s: number;
}

/** Makes a code; this answer is the only one that says it. */
export async function makeCode(wanted: CodeWanted) {
  const made = await unwrap(api.POST("/api/enrolments", { body: wanted }));
  void queryClient.invalidateQueries({ queryKey: ["enrolments"] });
  return made;
}

export async function dropCode(id: number): Promise<void> {
  await unwrap(api.DELETE("/api/enrolments/{id}", { params: { path: { id } } }));
  void queryClient.invalidateQueries({ queryKey: ["enrolments"] });
}

export async function revokeClient(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/clients/{name}", { params: { path: { name } } }));
  clientsChanged();
}

/** Which clients an action is for: some by their names, or all that the list shows. */
export type Chosen = { names: string[] } | { matching: Wanted };

/** Does the same with all of them, or with none when they are not as many as `count` by now. */
export async function actOn(action: Act, chosen: Chosen, count: number) {
  const whom = "names" in chosen ? { names: chosen.names } : { matching: selection(chosen.matching) };
  const done = await unwrap(api.POST("/api/client-actions", { body: { action, ...whom, count } }));
  clientsChanged();
  if (action.kind === "add_to_group") {
    void queryClient.invalidateQueries({ queryKey: ["groups"] });
    void queryClient.invalidateQueries({ queryKey: ["group"] });
  }
  return done;
}

function selection({ search, filter, days }: Wanted) {
  return { filter: filter ?? "all", ...(search && { search }), ...(days && { silent_days: days }) };
}

export function clientsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["clients"] });
  void queryClient.invalidateQueries({ queryKey: ["client-counts"] });
  void queryClient.invalidateQueries({ queryKey: ["client"] });
}
