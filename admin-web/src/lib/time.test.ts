import { expect, test } from "vitest";
import { ago, brief, clock, span } from "./time";

const now = new Date(2026, 10, 21, 10, 2, 31).getTime();

test.each([
  [0, "hace 0 s"],
  [3, "hace 3 s"],
  [59, "hace 59 s"],
  [60, "hace 1 min"],
  [3_600, "hace 1 h"],
  [86_400 * 2, "hace 2 d"],
])("%i seconds are «%s»", (seconds, words) => {
  expect(ago(now - seconds * 1000, now, "es")).toBe(words);
});

test("a clock that runs ahead is now, not the future", () => {
  expect(ago(now + 4_000, now, "en")).toBe("0 sec. ago");
});

test.each([
  [-5, "0 s"],
  [12_400, "12 s"],
  [252_000, "4 min 12 s"],
  [3_660_000, "1 h 1 min"],
  [90_000_000, "1 d 1 h"],
])("%i ms span %s", (milliseconds, words) => {
  expect(span(milliseconds)).toBe(words);
});

test("a time of today is a clock, of another day has its date", () => {
  expect(clock(now, now, "es")).toBe("10:02:31");
  expect(clock(now - 86_400_000, now, "es")).toBe("20 nov 10:02:31");
  expect(brief(now, now, "en")).toBe("10:02");
});
