// What people do about their own account, and admin about the log-ins of others.
import { queryOptions } from "@tanstack/react-query";
import { session } from "../lib/session";
import { api, unwrap } from "./client";
import { queryClient } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type OpenSession = Schemas["OpenSession"];
export type TotpEnrolment = Schemas["TotpEnrolment"];
export type Reproof = Schemas["Reproof"];

export const totpQuery = queryOptions({
  queryKey: ["totp"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/account/totp", { signal })),
  staleTime: 0,
});

/** One's own log-ins, those of a user, or everybody's. */
export type Whose = { own: true } | { user?: string };

export function sessionsQuery(whose: Whose) {
  return queryOptions({
    queryKey: ["sessions", whose] as const,
    queryFn: async ({ signal }) => {
      if ("own" in whose) return (await unwrap(api.GET("/api/account/sessions", { signal }))).sessions;
      return (await unwrap(api.GET("/api/sessions", { signal, params: { query: whose } }))).sessions;
    },
    staleTime: 0,
  });
}

export async function endSession(id: string, own: boolean): Promise<void> {
  const params = { path: { id } };
  await unwrap(own ? api.DELETE("/api/account/sessions/{id}", { params }) : api.DELETE("/api/sessions/{id}", { params }));
  await queryClient.invalidateQueries({ queryKey: ["sessions"] });
}

export async function endOtherSessions(): Promise<void> {
  await unwrap(api.DELETE("/api/account/sessions"));
  await queryClient.invalidateQueries({ queryKey: ["sessions"] });
}

export async function changeOwnPassword(body: { current: string; password: string }): Promise<void> {
  await unwrap(api.PUT("/api/account/password", { body }));
  await queryClient.invalidateQueries({ queryKey: ["sessions"] });
}

export function beginTotp(): Promise<TotpEnrolment> {
  return unwrap(api.POST("/api/account/totp"));
}

export async function confirmTotp(code: string): Promise<string[]> {
  return (await unwrap(api.POST("/api/account/totp/confirm", { body: { code } }))).recovery_codes;
}

export async function disableTotp(body: Reproof): Promise<void> {
  await unwrap(api.POST("/api/account/totp/disable", { body }));
  await queryClient.invalidateQueries({ queryKey: totpQuery.queryKey });
}

export async function renewCodes(body: Reproof): Promise<string[]> {
  const { recovery_codes } = await unwrap(api.POST("/api/account/totp/recovery-codes", { body }));
  await queryClient.invalidateQueries({ queryKey: totpQuery.queryKey });
  return recovery_codes;
}

/** A second factor came or went: what depends on it is asked for anew, and a log-in that waited for it goes on. */
export async function totpChanged(): Promise<void> {
  session.set((old) => (old?.mustSetUpTotp ? { ...old, mustSetUpTotp: false } : old));
  await queryClient.invalidateQueries();
}

export async function resetTotp(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/users/{name}/totp", { params: { path: { name } } }));
  await queryClient.invalidateQueries({ queryKey: ["users"] });
}
