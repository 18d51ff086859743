import { expect, test } from "vitest";
import { asDashboard, stacked } from "./dashboard";

test("an address says tab and filters, and what is unknown in it is left out", () => {
  expect(asDashboard({ tab: "mail", status: "failed", search: 42, hours: 168 })).toEqual({ tab: "mail", status: "failed", search: "42", hours: 168 });
  expect(asDashboard({ tab: "x", severity: "fatal", status: 1, hours: 5, search: "" })).toEqual({});
});

test("a chart stacks severities from the mildest up", () => {
  const sums = stacked([{ info: 1, warning: 2, error: 0, critical: 4 }, { info: 0, warning: 0, error: 0, critical: 0 }]);
  expect(sums).toEqual({ info: [1, 0], warning: [3, 0], error: [3, 0], critical: [7, 0] });
});
