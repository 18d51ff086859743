import { expect, test } from "vitest";
import openapi from "../../../hub/openapi.json?raw";
import { en } from "./en";
import { es } from "./es";

interface Document {
  components: { schemas: Record<string, { enum?: string[] }> };
}

const hub = JSON.parse(openapi) as Document;
const codes = hub.components.schemas["ReasonCode"]?.enum ?? [];

test("every code that the hub can say has words in both languages", () => {
  expect(codes.length).toBeGreaterThan(50);
  for (const catalogue of [es, en]) expect(Object.keys(catalogue.reasons).sort()).toEqual([...codes].sort());
});

test("both languages say the same values of a reason", () => {
  const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  for (const code of Object.keys(es.reasons) as (keyof typeof es.reasons)[]) {
    expect([code, values(en.reasons[code])]).toEqual([code, values(es.reasons[code])]);
  }
});
