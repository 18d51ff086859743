import { expect, test } from "vitest";
import { passwordFlaws, type PasswordFlaw } from "./password";

test.each<[string, string, string, PasswordFlaw[]]>([
  ["correct horse", "correct horse", "marta", []],
  ["", "", "marta", ["short"]],
  ["1234567", "1234567", "marta", ["short"]],
  ["ñandú👍12", "ñandú👍12", "marta", []],
  ["x".repeat(256), "x".repeat(256), "marta", []],
  ["x".repeat(257), "x".repeat(257), "marta", ["long"]],
  ["Marta.Sanz", "Marta.Sanz", "marta.sanz ", ["name"]],
  ["correct horse", "correct horsd", "marta", ["differs"]],
])("password %s, again %s, of %s: %o", (password, again, username, flaws) => {
  expect(passwordFlaws(password, again, username)).toEqual(flaws);
});
