import { expect, test } from "vitest";
import { blanksOf, filled, inserted } from "./phrase";

test("blanks are found once, in their order, and filled where there are words", () => {
  expect(blanksOf("Llamen a {phone} o a {branch}; {phone}")).toEqual(["phone", "branch"]);
  expect(blanksOf("{} { \n } sin huecos")).toEqual([]);
  expect(filled("{branch}: llamen al {phone}", { branch: "Sol", phone: " " })).toBe("Sol: llamen al {phone}");
});

test("a phrase enters at the cursor and keeps words apart", () => {
  expect(inserted("", "Hola", 0, 0)).toEqual({ text: "Hola", cursor: 4 });
  expect(inserted("Uno dos", "medio", 3, 3)).toEqual({ text: "Uno medio dos", cursor: 9 });
  expect(inserted("Uno", "dos", 3, 3).text).toBe("Uno dos");
});
