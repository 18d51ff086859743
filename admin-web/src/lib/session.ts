// Who is signed in. The token stays in this module's memory: a reload forgets it, by design.
import { createStore } from "./store";
import type { Role } from "../api/types";

export interface Session {
  token: string;
  username: string;
  role: Role;
  /** The account must have a second factor and has none: until then nothing else is possible. */
  mustSetUpTotp?: boolean;
}

export type EndReason = "expired" | "left";

export const session = createStore<Session | null>(null);

/** Why the last session ended; null before the first. */
export const ended = createStore<EndReason | null>(null);

let last: string | null = null;

/** Who was signed in before, if anybody. */
export function lastUser(): string | null {
  return last;
}

export function begin(next: Session): void {
  last = next.username;
  ended.set(null);
  session.set(next);
}

export function end(reason: EndReason): void {
  if (session.get() === null) return;
  ended.set(reason);
  session.set(null);
}

export function maySend(role: Role | undefined): boolean {
  return role === "admin" || role === "technician";
}
