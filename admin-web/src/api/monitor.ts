// How the hub is: asked for again and again while somebody looks, since figures change all the time.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Kind, PeerKind } from "../lib/monitor";
import { api, unwrap } from "./client";
import { paged } from "./queries";

const EVERY_MS = 5_000;
const TRAFFIC_MS = 2_000;
const PAGE = 100;

export const monitorQuery = queryOptions({
  queryKey: ["monitor"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/monitor", { signal })),
  staleTime: 0,
  refetchInterval: EVERY_MS,
});

export function trafficQuery(kind: PeerKind | undefined) {
  return queryOptions({
    queryKey: ["monitor", "traffic", { kind }] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/monitor/traffic", { signal, params: { query: { ...(kind && { kind }) } } })),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: TRAFFIC_MS,
  });
}

export function connectionLogQuery(kind: Kind | undefined, search: string) {
  return infiniteQueryOptions({
    queryKey: ["monitor", "connections", { kind, search }] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/monitor/connections", {
          signal,
          params: { query: { limit: PAGE, ...(kind && { kind }), ...(search && { search }), ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    ...paged,
    gcTime: 0,
  });
}
