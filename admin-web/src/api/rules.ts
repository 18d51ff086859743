// What the page of rules asks the hub, and the requests that change them. Whole documents are written, with the version seen.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";
import type { DryRun, ImaginedAlert, ImaginedEvent, OnCall, Rule, Silence, SilenceRow, Watch } from "./types";

const staleTime = 0;

export const rulesQuery = queryOptions({
  queryKey: ["rules"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/rules", { signal })),
  staleTime,
});

export const silencesQuery = queryOptions({
  queryKey: ["silences"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/silences", { signal })),
  staleTime,
  refetchInterval: 30_000,
});

export const onCallQuery = queryOptions({
  queryKey: ["on-call"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/on-call", { signal })),
  staleTime,
});

export const watchesQuery = queryOptions({
  queryKey: ["watches"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/watches", { signal })),
  staleTime,
  refetchInterval: 15_000,
});

export function activityQuery(rule: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["rules", "activity", { rule }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 30, ...(pageParam && { cursor: pageParam }), ...(rule && { rule }) };
      return unwrap(api.GET("/api/rules/activity", { signal, params: { query } }));
    },
    staleTime,
    refetchInterval: 15_000,
    ...paged,
  });
}

/** Writes all rules anew; what is returned is what holds now. */
export async function saveRules(rules: Rule[], version: number): Promise<void> {
  const saved = await unwrap(api.PUT("/api/rules", { body: { rules, version } }));
  queryClient.setQueryData(rulesQuery.queryKey, saved);
}

export async function resetRules(): Promise<void> {
  const saved = await unwrap(api.DELETE("/api/rules"));
  queryClient.setQueryData(rulesQuery.queryKey, saved);
}

export async function saveOnCall(rotations: OnCall[], version: number): Promise<void> {
  const saved = await unwrap(api.PUT("/api/on-call", { body: { on_call: rotations, version } }));
  queryClient.setQueryData(onCallQuery.queryKey, saved);
}

export async function saveWatches(watches: Watch[], version: number): Promise<void> {
  const saved = await unwrap(api.PUT("/api/watches", { body: { watches, version } }));
  queryClient.setQueryData(watchesQuery.queryKey, saved);
}

export async function silence(wanted: Silence): Promise<SilenceRow> {
  const made = await unwrap<SilenceRow>(api.POST("/api/silences", { body: wanted }));
  void queryClient.invalidateQueries({ queryKey: silencesQuery.queryKey });
  return made;
}

export async function endSilence(id: number): Promise<void> {
  await unwrap(api.DELETE("/api/silences/{id}", { params: { path: { id } } }));
  await queryClient.invalidateQueries({ queryKey: silencesQuery.queryKey });
}

/** What an event or an alert would do, by the rules that hold or by those that are being written. */
export function dryRun(what: { event: ImaginedEvent } | { alert: ImaginedAlert }, rules: Rule[] | null): Promise<DryRun> {
  return unwrap<DryRun>(api.POST("/api/rules/dry-run", { body: { ...what, ...(rules && { rules }) } }));
}
