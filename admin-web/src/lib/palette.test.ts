import { expect, test } from "vitest";
import { fitting, moved, rank, type Offer } from "./palette";

test.each([
  ["Estadísticas", "estad", 0],
  ["Estadísticas", "ESTADÍ", 0],
  ["Registro y usuarios", "usu", 1],
  ["Registro y usuarios", "usu reg", 1],
  ["Registro y usuarios", "uarios", 2],
  ["Registro y usuarios", "grupos", null],
  ["Cádiz (Centro)", "cen", 1],
  ["Cádiz (Centro)", "(cen", 2],
  ["Cádiz (Centro)", ".*", null],
  ["Cádiz", "", 0],
])("%s for «%s» is %s", (label, typed, wanted) => {
  expect(rank(label, typed)).toBe(wanted);
});

test("what begins with the words comes first, the rest keeps its order", () => {
  const offers = ["Los eventos", "Grupo eventual", "Eventos"].map((label): Offer => ({ id: label, section: "places", label }));
  expect(fitting(offers, "even").map(({ label }) => label)).toEqual(["Eventos", "Los eventos", "Grupo eventual"]);
});

test("arrows go around the ends", () => {
  expect([moved(0, -1, 3), moved(2, 1, 3), moved(0, 1, 0)]).toEqual([2, 0, 0]);
});
