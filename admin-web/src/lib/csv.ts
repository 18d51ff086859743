// A CSV of groups before it is imported: what it would make, and what is wrong with it.
import { ApiError } from "../api/client";
import type { ImportedGroup } from "../api/types";
import { faultsIn } from "./fields";

export const CSV_BYTES = 4 * 1024 * 1024;

export interface Fault {
  line: number;
  reason: string;
}

/** Every faulty line of a refused file, in its order; none when it was refused for another reason. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const faults = faultsIn(error).flatMap(({ line, reason }) => (typeof line === "number" ? [{ line, reason }] : []));
  return faults.sort((a, b) => a.line - b.line);
}

export interface Preview {
  groups: readonly ImportedGroup[];
  members: number;
}

export function previewOf(groups: readonly ImportedGroup[]): Preview {
  return { groups, members: groups.reduce((sum, group) => sum + group.members.length, 0) };
}

/** The hub would not read it; said before it is sent. */
export class FileTooLarge extends Error {}
