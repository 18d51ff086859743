import { describe, expect, test } from "vitest";
import { asAdminSearch, countdown, filterOf, fresher, lineBefore } from "./log";

describe("the log's address", () => {
  test("only what the page knows is taken over", () => {
    expect(asAdminSearch({ from: "2026-11-21", to: "today", user: "ana", text: 7, tab: "server", level: "warn", more: 1 })).toEqual({
      from: "2026-11-21", user: "ana", text: "7", tab: "server", level: "warn",
    });
    expect(asAdminSearch({ tab: "x", level: "loud", from: 5, user: "" })).toEqual({});
    expect(filterOf({ from: "2026-11-21", tab: "server", search: "x" })).toEqual({ from: "2026-11-21" });
  });
});

describe("new entries", () => {
  const seqs = (...list: number[]) => list.map((seq) => ({ seq }));
  test("are those above the first that is shown", () => {
    expect(fresher(seqs(5, 4), seqs(7, 6, 5))).toEqual(seqs(7, 6));
    expect(fresher([], seqs(2, 1))).toEqual(seqs(2, 1));
  });
  test("are parted from the read ones by a line", () => {
    expect(lineBefore(seqs(9, 8, 5, 4), 7)).toBe(5);
    expect(lineBefore(seqs(9, 8), 9)).toBeUndefined();
    expect(lineBefore(seqs(9, 8), 0)).toBeUndefined();
    expect(lineBefore(seqs(9, 8), 3)).toBeUndefined();
    expect(lineBefore([], 3)).toBeUndefined();
  });
  test("are looked for when the countdown is over", () => {
    expect([300_000, 61_000, 59_001, 0, -5].map(countdown)).toEqual(["5:00", "1:01", "1:00", "0:00", "0:00"]);
  });
});
