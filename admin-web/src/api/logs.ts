// The action log and the server's log, page by page. For the administrator alone.
import { infiniteQueryOptions } from "@tanstack/react-query";
import type { LogFilter, ServerFilter } from "../lib/log";
import { createStore } from "../lib/store";
import { api, unwrap } from "./client";
import { paged } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Action = Schemas["LoggedAction"];
export type ActionList = Schemas["ActionList"];
export type ServerLine = Schemas["Line"];

/** The newest entry that the socket told of. */
export const newestAction = createStore(0);

const PAGE = 100;

export function actionsPage(filter: LogFilter, cursor?: string, signal?: AbortSignal): Promise<ActionList> {
  const query = { limit: PAGE, ...filter, ...(cursor && { cursor: Number(cursor) }) };
  return unwrap(api.GET("/api/logs/actions", { signal: signal ?? null, params: { query } }));
}

export function actionsQuery(filter: LogFilter) {
  return infiniteQueryOptions({
    queryKey: ["actions", filter] as const,
    queryFn: ({ pageParam, signal }) => actionsPage(filter, pageParam, signal),
    ...paged,
    // Each visit begins with the newest; while it lasts, nothing is put in but by its reader.
    gcTime: 0,
  });
}

export async function markRead(seq: number): Promise<void> {
  await unwrap(api.PUT("/api/logs/actions/read", { body: { seq } }));
}

export function serverQuery({ level, text }: ServerFilter) {
  return infiniteQueryOptions({
    queryKey: ["server-log", { level, text }] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/logs/server", {
          signal,
          params: { query: { limit: PAGE, ...(level && { level }), ...(text && { text }), ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    ...paged,
    gcTime: 0,
  });
}
