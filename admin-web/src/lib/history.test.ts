import { expect, test } from "vitest";
import { asFilters, isFiltered, toQuery } from "./history";

test("an address is read, and what makes no sense is left out", () => {
  const read = asFilters({ search: 42, severity: "loud", state: "withdrawn", from: "2026-02-31x", to: "2026-02-01", drill: "true", unseen: 1 });
  expect(read).toEqual({ search: "42", state: "withdrawn", to: "2026-02-01", drill: true });
  expect(isFiltered(asFilters({ sender: "  " }))).toBe(false);
});

test("a last day includes its evening", () => {
  const { from, to } = toQuery({ from: "2026-02-01", to: "2026-02-01" });
  expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(24 * 60 * 60 * 1000);
});
