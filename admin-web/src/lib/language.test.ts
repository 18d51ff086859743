import { expect, test } from "vitest";
import { browserLanguage } from "./language";

test.each([
  [["en-GB", "es"], "en"],
  [["es-MX", "en"], "es"],
  [["fr", "en-US"], "en"],
  [["de"], "es"],
  [[], "es"],
])("a browser that wants %o gets %s", (wanted, language) => {
  expect(browserLanguage(wanted)).toBe(language);
});
