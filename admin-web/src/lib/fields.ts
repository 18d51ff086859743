// What the hub says about the fields of a refused request.
import { ApiError } from "../api/client";
import type { FieldError, Problem } from "../api/types";
import { i18n } from "../i18n";

/** The fields that were not accepted, with the reason in the reader's language; none when the request failed for another reason. */
export function fieldErrors(error: unknown): FieldError[] {
  return error instanceof ApiError && error.status === 422 ? faultsIn(error) : [];
}

/** Whatever fields or lines the hub complains of, with the reason in the reader's language. */
export function faultsIn(error: unknown): FieldError[] {
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return errors.map((one) => ({ ...one, reason: reasonWords(one) ?? one.reason }));
}

/** What a code of the hub says, if it gave one that this panel knows. */
export function reasonWords({ code, values }: Pick<Partial<Problem>, "code" | "values">): string | undefined {
  return code && i18n.exists(`reasons.${code}`) ? i18n.t(`reasons.${code}` as "reasons.taken", { replace: values ?? {} }) : undefined;
}

/** Somebody has this name already. */
export function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
