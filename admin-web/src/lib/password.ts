// The rules for a password, as the hub has them; it checks again.
import { length } from "./draft";

export const PASSWORD_CHARS = { least: 8, most: 256 } as const;

export type PasswordFlaw = "short" | "long" | "name" | "common" | "differs";

/** A few of the thousands that the hub refuses, so that most people hear of it while they type. */
const COMMON = /^(pass?word|contrase[nñ]a|preg[oó]n|qwerty(uiop)?|1?23456789?0?|iloveyou|sunshine|princess|football|baseball|administrador)[^\p{L}]{0,5}$/iu;

/** What is wrong with the password, and with its repetition. */
export function passwordFlaws(password: string, again: string, username: string): PasswordFlaw[] {
  const found: PasswordFlaw[] = [];
  if (length(password) < PASSWORD_CHARS.least) found.push("short");
  if (length(password) > PASSWORD_CHARS.most) found.push("long");
  if (password !== "" && password.trim().toLowerCase() === username.trim().toLowerCase()) found.push("name");
  else if (COMMON.test(password.trim())) found.push("common");
  if (password !== again) found.push("differs");
  return found;
}
