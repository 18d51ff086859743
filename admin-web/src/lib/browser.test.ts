import { expect, test } from "vitest";
import { browserOf } from "./browser";

test("a browser is said in two words", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  expect(browserOf(chrome)).toBe("Chrome, Windows");
  expect(browserOf(`${chrome} Edg/140.0`)).toBe("Edge, Windows");
  expect(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox, Linux");
  expect(browserOf("curl/8.5.0")).toBe("curl");
  expect(browserOf("a program of our own making with a long name")).toBe("a program of our own making wi");
  expect(browserOf("")).toBe("");
});
