// Alerts of the past by what people remember of them, and their receipts to keep.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Filters } from "../lib/history";
import { toQuery } from "../lib/history";
import { api, unwrap } from "./client";
import { paged } from "./queries";

const PAGE = 50;

export function historyQuery(filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ["history", filters] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/api/alerts", { signal, params: { query: { ...toQuery(filters), limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    staleTime: 0,
    ...paged,
  });
}

export const sendersQuery = queryOptions({
  queryKey: ["senders"] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/senders", { signal }))).senders,
  staleTime: 60_000,
});

export type ReceiptsForm = "csv" | "json";

export function receiptsOf(id: string, form: ReceiptsForm): Promise<Blob> {
  const params = { path: { id } };
  return form === "csv"
    ? unwrap<Blob>(api.GET("/api/alerts/{id}/receipts.csv", { params, parseAs: "blob" }))
    : unwrap<Blob>(api.GET("/api/alerts/{id}/receipts.json", { params, parseAs: "blob" }) as never);
}
