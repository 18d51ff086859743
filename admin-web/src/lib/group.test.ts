import { describe, expect, test } from "vitest";
import type { Group, Presence } from "../api/types";
import { found, groupFaults, membersOf, merge, movePresence, parseMembers } from "./group";

describe("a pasted list", () => {
  test.each<[string, string, string[]]>([
    ["lines", "Cádiz\nMálaga\r\nJaén\n", ["Cádiz", "Málaga", "Jaén"]],
    ["commas and semicolons", "Cádiz, Málaga;Jaén", ["Cádiz", "Málaga", "Jaén"]],
    ["cells of a spreadsheet", "Cádiz\tMálaga\nJaén\t", ["Cádiz", "Málaga", "Jaén"]],
    ["spaces and empty lines", "  Cádiz   Centro \n\n , \n", ["Cádiz Centro"]],
    ["a name twice in other letters", "Cádiz\nCÁDIZ\ncádiz ", ["Cádiz"]],
    ["a comma within quotes", '"Caja 2, Cádiz",Jaén', ["Caja 2, Cádiz", "Jaén"]],
    ["nothing", " \n,;\t", []],
  ])("of %s", (_, text, names) => {
    expect(parseMembers(text)).toEqual(names);
  });

  test("of twenty thousand names is read at once", () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `pc-${index}`).join("\n");
    const started = performance.now();
    expect(parseMembers(text)).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("adds only who is not there yet", () => {
    expect(merge(["Cádiz"], ["CÁDIZ", "Jaén"])).toEqual(["Cádiz", "Jaén"]);
  });
});

describe("presence", () => {
  const group: Group = { name: "Sur", connected: ["Cádiz"], disconnected: ["jaén"], unknown: ["Lugo", "Vigo"] };
  const presence = (client: string, online: boolean): Presence => ({ client, online, online_total: 1 });

  test("moves a member to where it is now, whoever wrote its name how", () => {
    expect(movePresence(group, [presence("Cádiz", false), presence("Jaén", true)])).toEqual({
      ...group, connected: ["jaén"], disconnected: ["Cádiz"],
    });
  });

  test("of somebody who was not enrolled says that they are now", () => {
    expect(movePresence(group, [presence("Lugo", true)])).toMatchObject({ connected: ["Cádiz", "Lugo"], unknown: ["Vigo"] });
  });

  test("that says nothing new changes nothing", () => {
    expect(movePresence(group, [presence("Cádiz", true), presence("Soria", true)])).toBe(group);
  });

  test("counts the last word about a client", () => {
    expect(movePresence(group, [presence("Cádiz", false), presence("Cádiz", true)])).toBe(group);
  });
});

test("members are sorted for reading and found without case and accents", () => {
  const group: Group = { name: "Sur", connected: ["Caja 10"], disconnected: ["Caja 2"], unknown: ["Ávila"] };
  expect(membersOf(group, "es")).toEqual(["Ávila", "Caja 2", "Caja 10"]);
  expect(found(membersOf(group, "es"), "AVI", "es")).toEqual(["Ávila"]);
});

test("faults of the hub stand at the name, at the members, or at one member", () => {
  const faults = groupFaults(
    [
      { field: "name", reason: "is too long" },
      { field: "members[1]", reason: "is empty" },
      { field: "members[9]", reason: "is nobody" },
      { field: "members", reason: "must be 1 to 20000" },
    ],
    ["Cádiz", "?"],
  );
  expect(faults.name).toBe("is too long");
  expect([...faults.each]).toEqual([["?", "is empty"]]);
  expect(faults.members).toBe("is nobody");
});
