import { expect, test } from "vitest";
import { PLACES, SECTIONS } from "../components/nav";
import { bySection, placeOf, placesOf } from "./places";

const some = [
  { to: "/", section: "day" },
  { to: "/groups", section: "network" },
  { to: "/admin", section: "admin", roles: ["admin"] },
  { to: "/admin/mail", section: "admin", roles: ["admin"] },
] as const;

test.each([
  ["/", "/"],
  ["/groups", "/groups"],
  ["/groups/Costa del Sol", "/groups"],
  ["/groupsies", "/"],
  ["/admin", "/admin"],
  ["/admin/mail", "/admin/mail"],
  ["/alerts/01J", "/"],
])("%s lies in %s", (path, place) => {
  expect(placeOf(some, path)?.to).toBe(place);
});

test("a place of the administration is shown to nobody else", () => {
  expect(placesOf(some, "admin")).toHaveLength(4);
  expect(placesOf(some, "viewer").map(({ to }) => to)).toEqual(["/", "/groups"]);
  expect(placesOf(some, undefined)).toHaveLength(2);
});

test("a section without places is left out", () => {
  expect(bySection(placesOf(some, "viewer"), ["day", "network", "admin"]).map(([section]) => section)).toEqual(["day", "network"]);
});

test("every place has an address and a letter of its own, and a section that is shown", () => {
  const addresses = PLACES.map(({ to }) => to);
  const letters = PLACES.flatMap(({ key }) => key ?? []);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(new Set(letters).size).toBe(letters.length);
  expect(letters.every((letter) => /^[a-z]$/.test(letter))).toBe(true);
  expect(bySection(PLACES, SECTIONS).flatMap(([, held]) => held)).toHaveLength(PLACES.length);
});
