import { expect, test } from "vitest";
import { meaning } from "./shortcuts";

test("g waits for a letter, and the letter leads to a place", () => {
  const begun = meaning(0, "g", 1_000);
  expect(begun.kind).toBe("begin");
  expect(meaning(begun.until, "e", 1_900)).toEqual({ kind: "place", until: 0 });
  expect(meaning(begun.until, "g", 1_900)).toEqual({ kind: "place", until: 0 });
});

test("a letter that comes too late, or without g, stands for itself", () => {
  const begun = meaning(0, "g", 1_000);
  expect(meaning(begun.until, "n", 9_000).kind).toBe("alone");
  expect(meaning(0, "?", 1_000).kind).toBe("alone");
});
