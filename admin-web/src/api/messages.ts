// What branches wrote to the technicians.
import { infiniteQueryOptions, useQuery } from "@tanstack/react-query";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";

const PAGE = 50;

export function messagesQuery(open: boolean, client: string) {
  return infiniteQueryOptions({
    queryKey: ["messages", { open, client }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(open && { open }), ...(client && { client }), ...(pageParam && { cursor: pageParam }) };
      return unwrap(api.GET("/api/messages", { signal, params: { query } }));
    },
    staleTime: 0,
    ...paged,
  });
}

/** How many messages wait for somebody; for the badge beside the place. */
export function useOpenMessages(): number {
  const isIn = useStore(session) !== null;
  const { data } = useQuery({
    queryKey: ["messages", "open"] as const,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/messages", { signal, params: { query: { limit: 1, open: true } } }))).open,
    enabled: isIn,
  });
  return data ?? 0;
}

export function messagesChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["messages"] });
}

export async function handleMessage(id: number, handled: boolean): Promise<void> {
  await unwrap(api.PATCH("/api/messages/{id}", { params: { path: { id } }, body: { handled } }));
  messagesChanged();
}

export async function answerMessage(id: number, text: string): Promise<void> {
  await unwrap(api.POST("/api/messages/{id}/answer", { params: { path: { id } }, body: { text } }));
  messagesChanged();
}
