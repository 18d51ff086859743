// The accounts of the hub, and the requests that change them. For the administrator alone.
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { queryClient } from "./queries";
import type { User, UserRole } from "./types";

export const usersQuery = queryOptions({
  queryKey: ["users"] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/users", { signal }))).users,
  staleTime: 0,
});

export interface NewUser {
  username: string;
  password: string;
  role: UserRole;
}

export async function createUser(body: NewUser): Promise<void> {
  await unwrap(api.POST("/api/users", { body }));
  await usersChanged();
}

export async function changeUser(name: string, body: { password?: string; role?: UserRole; limits?: User["limits"] }): Promise<void> {
  await unwrap(api.PATCH("/api/users/{name}", { params: { path: { name } }, body }));
  await usersChanged();
}

export async function removeUser(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/users/{name}", { params: { path: { name } } }));
  await usersChanged();
}

/** Waits for the list, so that a dialog closes over what is true. */
function usersChanged(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
}
