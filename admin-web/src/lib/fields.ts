// What the hub says about the fields of a refused request.
import { ApiError } from "../api/client";
import type { FieldError } from "../api/types";

/** The fields that were not accepted; none when the request failed for another reason. */
export function fieldErrors(error: unknown): FieldError[] {
  return error instanceof ApiError && error.status === 422 ? (error.problem.errors ?? []) : [];
}

/** Somebody has this name already. */
export function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
