// What pages ask the hub about groups, and the requests that change them.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";
import type { Group } from "./types";

const PAGE = 100;

// No frame says that somebody else changed a group, so a page that opens asks again.
const staleTime = 0;

export function groupsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ["groups", { search }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }), ...(search && { search }) };
      return unwrap(api.GET("/api/groups", { signal, params: { query } }));
    },
    staleTime,
    ...paged,
  });
}

export function groupQuery(name: string) {
  return queryOptions({
    queryKey: ["group", name] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/groups/{name}", { signal, params: { path: { name } } })),
    staleTime,
  });
}

export interface GroupWanted {
  name: string;
  members: string[];
}

/** Makes a group, or changes the one that is called `old`. */
export async function saveGroup(old: string | null, wanted: GroupWanted): Promise<Group> {
  const request =
    old === null
      ? api.POST("/api/groups", { body: wanted })
      : api.PUT("/api/groups/{name}", { params: { path: { name: old } }, body: wanted });
  const saved = await unwrap<Group>(request);
  if (old !== null && old !== saved.name) queryClient.removeQueries({ queryKey: groupQuery(old).queryKey });
  queryClient.setQueryData(groupQuery(saved.name).queryKey, saved);
  groupsChanged();
  return saved;
}

export async function removeGroup(name: string): Promise<void> {
  await unwrap(api.DELETE("/api/groups/{name}", { params: { path: { name } } }));
  groupsChanged();
}

export interface CsvFile {
  name: string;
  bytes: ArrayBuffer;
}

/** Reads the groups of a file, and makes them unless it is only a try. All or nothing. */
export async function importGroups({ name, bytes }: CsvFile, isTry: boolean) {
  const imported = await unwrap(
    api.POST("/api/groups/import", {
      params: { query: { dry_run: isTry } },
      headers: { "Content-Type": "text/csv", "X-File-Name": encodeURIComponent(name) },
      // As it is: the hub knows in which of two encodings a spreadsheet wrote it.
      body: "",
      bodySerializer: () => bytes,
    }),
  );
  if (!isTry) {
    groupsChanged();
    void queryClient.invalidateQueries({ queryKey: ["group"] });
  }
  return imported;
}

export function exportGroups(): Promise<Blob> {
  return unwrap<Blob>(api.GET("/api/groups/export", { parseAs: "blob" }));
}

function groupsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["groups"] });
}
