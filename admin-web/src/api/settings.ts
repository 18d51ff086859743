// What the administrator sets, and what the configuration file says.
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { queryClient } from "./queries";
import type { Retention } from "./types";

export const settingsQuery = queryOptions({
  queryKey: ["settings"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/settings", { signal })),
  staleTime: 0,
});

export const configQuery = queryOptions({
  queryKey: ["config"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/config", { signal })),
});

export async function saveRetention(retention: Retention): Promise<void> {
  const saved = await unwrap(api.PUT("/api/settings", { body: { retention } }));
  queryClient.setQueryData(settingsQuery.queryKey, saved);
}
