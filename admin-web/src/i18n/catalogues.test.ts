import { expect, test } from "vitest";
import { en } from "./en";
import { es } from "./es";

function flat(catalogue: object, path = ""): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : flat(value as object, `${path}${key}.`),
  );
}

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test("both catalogues have the same keys", () => {
  expect(flat(en).map(([key]) => key).sort()).toEqual(flat(es).map(([key]) => key).sort());
});

test("a text has the same holes in both languages, and is not empty", () => {
  const spanish = new Map(flat(es));
  for (const [key, text] of flat(en)) {
    expect(holes(text), key).toEqual(holes(spanish.get(key) ?? ""));
    expect(text.trim(), key).not.toBe("");
  }
});

test("every plural has one and other", () => {
  const keys = new Set(flat(es).map(([key]) => key));
  for (const key of keys) {
    if (key.endsWith("_one")) expect(keys).toContain(key.replace(/_one$/, "_other"));
  }
});
