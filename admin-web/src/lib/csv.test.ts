import { expect, test, vi } from "vitest";

// Requests need an address to be relative to.
vi.hoisted(() => vi.stubGlobal("location", { origin: "https://hub.test" }));

const { ApiError } = await import("../api/client");
const { faultsOf, previewOf } = await import("./csv");

test("every faulty line is kept, in the order of the file", () => {
  const error = new ApiError(422, {
    errors: [{ line: 7, reason: "the group has no members" }, { line: 2, reason: "group Sur exists already" }, { line: 7, reason: "stands twice" }],
  });
  expect(faultsOf(error)).toEqual([
    { line: 2, reason: "group Sur exists already" },
    { line: 7, reason: "the group has no members" },
    { line: 7, reason: "stands twice" },
  ]);
});

test("a refusal that is not about lines has none", () => {
  expect(faultsOf(new ApiError(422, { errors: [{ field: "file", reason: "is missing" }] }))).toEqual([]);
  expect(faultsOf(new ApiError(0, {}))).toEqual([]);
  expect(faultsOf(new Error("broken"))).toEqual([]);
  expect(faultsOf(null)).toEqual([]);
});

test("a preview counts what would be made", () => {
  const groups = [{ name: "Sur", members: ["Cádiz", "Jaén"] }, { name: "Norte", members: ["Lugo"] }];
  expect(previewOf(groups)).toEqual({ groups, members: 3 });
});
