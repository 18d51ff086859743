// Programs that are told, and what came of telling them.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";
import type { Severity, Webhook, WebhookSecret, WebhookTest } from "./types";

const KEY = ["webhooks"] as const;

export interface Target {
  url: string;
  allow_private: boolean;
  from_severity: Severity | null;
}

export const webhooksQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<Webhook[]> => (await unwrap(api.GET("/api/webhooks", { signal }))).webhooks,
  staleTime: 0,
  refetchInterval: 30_000,
});

export function webhookCallsQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: [...KEY, name, "calls"] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 20, ...(pageParam && { cursor: pageParam }) };
      return unwrap(api.GET("/api/webhooks/{name}/attempts", { signal, params: { path: { name }, query } }));
    },
    staleTime: 0,
    ...paged,
  });
}

function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
}

/** What is returned holds the secret: it is said only now. */
export async function createWebhook(name: string, target: Target): Promise<WebhookSecret> {
  const made = await unwrap<WebhookSecret>(api.POST("/api/webhooks", { body: { name, ...target } }));
  refresh();
  return made;
}

export async function changeWebhook(name: string, target: Target): Promise<void> {
  await unwrap(api.PUT("/api/webhooks/{name}", { params: { path: { name } }, body: target }));
  refresh();
}

export async function rotateSecret(name: string): Promise<WebhookSecret> {
  return unwrap<WebhookSecret>(api.POST("/api/webhooks/{name}/secret", { params: { path: { name } } }));
}

export async function testWebhook(name: string): Promise<WebhookTest> {
  const told = await unwrap<WebhookTest>(api.POST("/api/webhooks/{name}/test", { params: { path: { name } } }));
  refresh();
  return told;
}

export async function removeWebhook(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/webhooks/{name}", { params: { path: { name } } }));
  refresh();
}
