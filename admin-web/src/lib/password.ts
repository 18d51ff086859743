// The rules for a password, as the hub has them; it checks again.
import { length } from "./draft";

export const PASSWORD_CHARS = { least: 8, most: 256 } as const;

export type PasswordFlaw = "short" | "long" | "name" | "differs";

/** What is wrong with the password, and with its repetition. */
export function passwordFlaws(password: string, again: string, username: string): PasswordFlaw[] {
  const found: PasswordFlaw[] = [];
  if (length(password) < PASSWORD_CHARS.least) found.push("short");
  if (length(password) > PASSWORD_CHARS.most) found.push("long");
  if (password !== "" && password.trim().toLowerCase() === username.trim().toLowerCase()) found.push("name");
  if (password !== again) found.push("differs");
  return found;
}
