import { expect, test } from "vitest";
import { asRange, day, daysOf, flaw } from "./range";

const noon = new Date(2026, 2, 1, 12).getTime();

test.each([
  [{}, {}],
  [{ days: "7" }, { days: 7 }],
  [{ days: 30 }, {}],
  [{ days: "12" }, {}],
  [{ days: "<script>" }, {}],
  [{ from: "2026-01-01", to: "2026-01-31" }, { from: "2026-01-01", to: "2026-01-31" }],
  [{ from: "2026-02-30", to: "2026-03-01", days: 90 }, { days: 90 }],
  [{ from: "2026-01-01" }, {}],
])("%j of an address means %j", (search, wanted) => {
  expect(asRange(search)).toEqual(wanted);
});

test("a span ends today and counts today", () => {
  expect(daysOf({ days: 7 }, noon)).toEqual({ from: "2026-02-23", to: "2026-03-01" });
  expect(daysOf({}, noon).from).toBe("2026-01-31");
  expect(daysOf({ from: "2026-01-01", to: "2026-01-02" }, noon)).toEqual({ from: "2026-01-01", to: "2026-01-02" });
  expect(day(noon, 1)).toBe("2026-02-28");
});

test("a range must not run backwards, nor be longer than a year", () => {
  expect(flaw("2026-01-02", "2026-01-01")).toBe("order");
  expect(flaw("2026-01-01", "2026-01-01")).toBeNull();
  expect(flaw("2024-01-01", "2024-12-31")).toBeNull();
  expect(flaw("2024-01-01", "2025-01-01")).toBe("long");
});
