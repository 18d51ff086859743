// Quick texts, one list for everybody who writes alerts.
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { queryClient } from "./queries";

export const phrasesQuery = queryOptions({
  queryKey: ["phrases"] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/phrases", { signal }))).phrases,
  staleTime: 30_000,
});

/** The list as the hub keeps it: no empty text, none twice. */
export async function savePhrases(phrases: string[]): Promise<string[]> {
  const saved = (await unwrap(api.PUT("/api/phrases", { body: { phrases } }))).phrases;
  queryClient.setQueryData(phrasesQuery.queryKey, saved);
  return saved;
}
