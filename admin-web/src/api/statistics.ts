// How the hub is used: asked for by range, and anew when a page opens, since no frame says that a count has changed.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";

export function statisticsQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ["statistics", { from, to }] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/statistics", { signal, params: { query: { from, to } } })),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}
