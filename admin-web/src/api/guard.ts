// What the guard noticed, whom it keeps out, whom it trusts.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { GuardPlace } from "../lib/guard";
import { throttled } from "../lib/throttle";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";

const KEY = ["guard"] as const;
const PAGE = 50;

export const guardDayQuery = queryOptions({
  queryKey: [...KEY, "day"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/security/day", { signal })),
  staleTime: 0,
  // A ban ends by itself, and nobody says so.
  refetchInterval: 30_000,
});

export function securityEventsQuery({ search, level, kind }: Omit<GuardPlace, "tab">) {
  const wanted = { ...(search && { search }), ...(level && { level }), ...(kind && { kind }) };
  return infiniteQueryOptions({
    queryKey: [...KEY, "events", wanted] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/api/security/events", { signal, params: { query: { ...wanted, limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    staleTime: 0,
    ...paged,
  });
}

export function bansQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [...KEY, "bans", search] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(search && { search }), ...(pageParam && { cursor: pageParam }) };
      return unwrap(api.GET("/api/security/bans", { signal, params: { query } }));
    },
    staleTime: 0,
    refetchInterval: 30_000,
    ...paged,
  });
}

export const trustedQuery = queryOptions({
  queryKey: [...KEY, "trusted"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/security/trusted", { signal })),
  staleTime: 0,
});

export interface BanWish {
  ip: string;
  minutes: number;
  reason: string;
}

export async function ban(wish: BanWish): Promise<void> {
  await unwrap(api.POST("/api/security/bans", { body: wish }));
  guardChanged();
}

export async function unban(ip: string): Promise<void> {
  await unwrap(api.DELETE("/api/security/bans/{ip}", { params: { path: { ip } } }));
  guardChanged();
}

export async function trust(network: string, reason: string): Promise<void> {
  await unwrap(api.POST("/api/security/trusted", { body: { network, reason } }));
  guardChanged();
}

export async function distrust(network: string): Promise<void> {
  await unwrap(api.DELETE("/api/security/trusted/{network}", { params: { path: { network } } }));
  guardChanged();
}

export function guardChanged(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
}

/** Something was noticed: an attack says so many times a second, and the page asks once. */
export const guardHeard = throttled(1_000, guardChanged);
