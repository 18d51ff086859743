// The state of the live link as a pure reducer: what is known, how old it is, when the next attempt comes.
import type { Hello } from "../api/types";

export type Phase = "off" | "connecting" | "live" | "lost";

export interface Link {
  phase: Phase;
  /** When the hub last said anything (this machine's clock). */
  heardAt: number | null;
  lostAt: number | null;
  retryAt: number | null;
  attempts: number;
  hello: Hello | null;
  online: number;
  /** The hub's clock minus ours, in milliseconds. */
  offset: number;
}

export type Change =
  | { kind: "connecting" }
  | { kind: "heard"; at: number }
  | { kind: "hello"; hello: Hello; at: number }
  | { kind: "online"; count: number }
  | { kind: "lost"; at: number; retryAt: number }
  | { kind: "stopped" };

export const OFF: Link = {
  phase: "off", heardAt: null, lostAt: null, retryAt: null, attempts: 0, hello: null, online: 0, offset: 0,
};

export function reduce(link: Link, change: Change): Link {
  switch (change.kind) {
    case "connecting":
      return { ...link, phase: link.lostAt === null ? "connecting" : "lost", retryAt: null };
    case "heard":
      return { ...link, heardAt: change.at };
    case "hello":
      return {
        ...link, phase: "live", heardAt: change.at, lostAt: null, retryAt: null, attempts: 0,
        hello: change.hello, online: change.hello.online,
        offset: Date.parse(change.hello.server_time) - change.at,
      };
    case "online":
      return { ...link, online: change.count };
    case "lost":
      // The first loss counts: later failed attempts do not make the data look younger.
      return { ...link, phase: "lost", lostAt: link.lostAt ?? change.at, retryAt: change.retryAt, attempts: link.attempts + 1 };
    case "stopped":
      return OFF;
  }
}

const CAP = 30_000;

/** Milliseconds before the next attempt: growing, with full jitter, never over 30 s, never under a quarter second. */
export function backoff(attempts: number, random: number): number {
  return Math.max(250, Math.min(CAP, 1_000 * 2 ** Math.min(attempts, 10)) * random);
}
