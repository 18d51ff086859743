import { describe, expect, test } from "vitest";
import type { Hello } from "../api/types";
import { backoff, OFF, reduce, type Change } from "./link";

const hello: Hello = {
  version: "0.1.0", build: "b", server_time: "2026-11-21T10:00:05.000Z", username: "marta", role: "technician", online: 9, clients: 12,
};
const at = Date.parse("2026-11-21T10:00:00.000Z");
const run = (...changes: Change[]) => changes.reduce(reduce, OFF);

describe("the link", () => {
  test("is live after a hello and knows the hub's clock", () => {
    const link = run({ kind: "connecting" }, { kind: "hello", hello, at });
    expect(link).toMatchObject({ phase: "live", heardAt: at, online: 9, offset: 5_000 });
  });

  test("is connecting, not lost, before it was ever live", () => {
    expect(run({ kind: "connecting" }).phase).toBe("connecting");
  });

  test("stays lost through failed attempts, since the first loss", () => {
    const link = run(
      { kind: "hello", hello, at },
      { kind: "lost", at: at + 1, retryAt: at + 500 },
      { kind: "connecting" },
      { kind: "lost", at: at + 600, retryAt: at + 2_000 },
    );
    expect(link).toMatchObject({ phase: "lost", lostAt: at + 1, heardAt: at, retryAt: at + 2_000, attempts: 2 });
  });

  test("forgets the loss with the next hello", () => {
    const link = run({ kind: "lost", at, retryAt: at + 1 }, { kind: "connecting" }, { kind: "hello", hello, at: at + 9 });
    expect(link).toMatchObject({ phase: "live", lostAt: null, retryAt: null, attempts: 0 });
  });

  test("takes count and age from what it hears", () => {
    const link = run({ kind: "hello", hello, at }, { kind: "online", count: 10 }, { kind: "heard", at: at + 5 });
    expect(link).toMatchObject({ online: 10, heardAt: at + 5 });
  });

  test("is off when nobody is signed in", () => {
    expect(run({ kind: "hello", hello, at }, { kind: "stopped" })).toEqual(OFF);
  });
});

test("waits grow, are jittered, and stay between a quarter second and thirty seconds", () => {
  expect(backoff(0, 0)).toBe(250);
  expect(backoff(0, 1)).toBe(1_000);
  expect(backoff(3, 0.5)).toBe(4_000);
  expect(backoff(50, 1)).toBe(30_000);
});
