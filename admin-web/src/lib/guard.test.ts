import { expect, test } from "vitest";
import { asGuardPlace } from "./guard";

test("the address keeps what is known and drops the rest", () => {
  const table: [Record<string, unknown>, unknown][] = [
    [{}, {}],
    [{ tab: "events" }, {}],
    [{ tab: "bans", search: 10, level: "high", kind: "flood" }, { tab: "bans", search: "10", level: "high", kind: "flood" }],
    [{ tab: "x", search: "", level: "HIGH", kind: ["flood"] }, {}],
  ];
  for (const [search, place] of table) expect(asGuardPlace(search)).toEqual(place);
});
