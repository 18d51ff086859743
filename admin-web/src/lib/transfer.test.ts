import { expect, test } from "vitest";
import { asDocument, isKnown, NoDocument, SECTIONS, USUAL } from "./transfer";

test.each(["", "[]", "null", "7", "{", '"text"'])("«%s» is no document", (text) => {
  expect(() => asDocument(text)).toThrow(NoDocument);
});

test("an object is left to the hub to judge", () => {
  expect(asDocument('{"format":"x"}')).toEqual({ format: "x" });
});

test("what is usual is known", () => {
  expect(USUAL.every(isKnown)).toBe(true);
  expect(isKnown("passwords")).toBe(false);
  expect(new Set(SECTIONS).size).toBe(SECTIONS.length);
});
