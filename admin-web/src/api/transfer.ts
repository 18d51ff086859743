// What the hub knows as one document: fetched, and read back after a look at what would change.
import { api, unwrap } from "./client";
import { queryClient } from "./queries";
import type { Export } from "./types";

export function exportDocument(sections: readonly string[]): Promise<Blob> {
  return unwrap<Blob>(api.GET("/api/export", { params: { query: { sections: sections.join(",") } }, parseAs: "blob" }));
}

/** Reads a document, or only says what it would change. All or nothing. */
export async function importDocument(document: Export, isTry: boolean) {
  const report = await unwrap(api.POST("/api/import", { params: { query: { dry_run: isTry } }, body: document }));
  if (!isTry) void queryClient.invalidateQueries();
  return report;
}
