// The typed door to the hub: puts the token on every request and turns every failure into one error type.
import createClient from "openapi-fetch";
import { end, session } from "../lib/session";
import type { paths } from "./schema";
import type { Problem } from "./types";

/** What went wrong, as the hub said it; `status` 0 means the hub was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = "ApiError";
  }

  get unreachable(): boolean {
    return this.status === 0;
  }
}

const DEADLINE_MS = 20_000;

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  // A hub that takes a request and says nothing is not reached either.
  fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE_MS)]) }),
});

api.use({
  onRequest({ request, schemaPath }) {
    const token = session.get()?.token;
    if (token && !schemaPath.endsWith("/login")) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response, schemaPath }) {
    const used = request.headers.get("Authorization");
    const current = session.get()?.token;
    // Only the present session can end here: an answer to an older token says nothing about it.
    if (response.status === 401 && !schemaPath.endsWith("/login") && used === `Bearer ${current}`) end("expired");
  },
  onError() {
    return new ApiError(0, {});
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an {@link ApiError}. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiError(response.status, isProblem(error) ? error : {});
  return data as T;
}

function isProblem(value: unknown): value is Partial<Problem> {
  return typeof value === "object" && value !== null;
}
