// What this technician is limited to: forms offer only that. The hub checks it again.
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { api, unwrap } from "./client";
import { groupQuery } from "./groups";
import type { Severity } from "./types";

export interface Limits {
  /** `null`: no limit. */
  groups: string[] | null;
  severities: Severity[] | null;
}

const NONE: Limits = { groups: null, severities: null };

const limitsQuery = queryOptions({
  queryKey: ["own-limits"] as const,
  queryFn: async ({ signal }): Promise<Limits> => {
    const { limits } = await unwrap(api.GET("/api/session", { signal }));
    return { groups: limits.groups ?? null, severities: limits.severities ?? null };
  },
  staleTime: 60_000,
});

export function useLimits(): Limits {
  const isTechnician = useStore(session)?.role === "technician";
  const { data } = useQuery({ ...limitsQuery, enabled: isTechnician });
  return (isTechnician && data) || NONE;
}

/** Branches of these groups, and whether each is online. */
export function useBranchesOf(groups: readonly string[] | null): Map<string, boolean> {
  const answers = useQueries({ queries: (groups ?? []).map((name) => groupQuery(name)) });
  const branches = new Map<string, boolean>();
  for (const { data } of answers) {
    data?.connected.forEach((name) => branches.set(name, true));
    data?.disconnected.forEach((name) => branches.set(name, false));
  }
  return branches;
}
