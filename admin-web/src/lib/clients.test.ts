import { expect, test } from "vitest";
import { asClients, inUnits, toClientQuery } from "./clients";

test("an address is read, and what makes no sense is left out", () => {
  expect(asClients({ search: 12, filter: "silent", days: "7", sort: "seen", client: 3, view: "codes" })).toEqual({
    search: "12", filter: "silent", days: 7, sort: "seen", client: "3", view: "codes",
  });
  expect(asClients({ search: "", filter: "banana", days: "-1", sort: {}, client: "", view: "x" })).toEqual({});
  expect(asClients({ filter: "all", sort: "name", days: 30 })).toEqual({});
});

test("the hub is asked in its own words", () => {
  expect(toClientQuery({})).toEqual({});
  expect(toClientQuery({ search: "sol", filter: "silent", days: 7, sort: "created-down", client: "x" })).toEqual({
    search: "sol", filter: "silent", silent_days: 7, sort: "created", descending: true,
  });
});

test("a time is said in the largest unit that is exact", () => {
  expect([300, 3_600, 5_400, 86_400, 604_800].map(inUnits)).toEqual([
    { unit: "minute", count: 5 }, { unit: "hour", count: 1 }, { unit: "minute", count: 90 }, { unit: "day", count: 1 }, { unit: "day", count: 7 },
  ]);
});
