// What pages ask the hub about planned alerts, and what they do to alerts that stand.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";
import type { AmendRequest, NewAlert } from "./types";

const PAGE = 50;

export const scheduledQuery = infiniteQueryOptions({
  queryKey: ["scheduled"] as const,
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET("/api/scheduled", { signal, params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
  ...paged,
});

export function scheduledChanged(): void {
  void queryClient.invalidateQueries({ queryKey: scheduledQuery.queryKey });
}

export async function changeScheduled(id: string, wanted: NewAlert) {
  const changed = await unwrap(api.PUT("/api/scheduled/{id}", { params: { path: { id } }, body: wanted }));
  scheduledChanged();
  return changed;
}

export async function cancelScheduled(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/scheduled/{id}", { params: { path: { id } } }));
  scheduledChanged();
}

export async function amendAlert(id: string, wanted: AmendRequest) {
  const amended = await unwrap(api.POST("/api/alerts/{id}/amend", { params: { path: { id } }, body: wanted }));
  void queryClient.invalidateQueries({ queryKey: ["alert", id] });
  void queryClient.invalidateQueries({ queryKey: ["alerts"] });
  return amended;
}

export function remindOf(id: string) {
  return unwrap(api.POST("/api/alerts/{id}/remind", { params: { path: { id } } }));
}
