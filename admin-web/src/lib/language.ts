// Which of the two languages somebody gets who has not chosen yet.
import type { Language } from "../api/types";

/** Spanish unless the browser asks for English first. */
export function browserLanguage(wanted: readonly string[]): Language {
  const first = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "es" || tag === "en");
  return first === "en" ? "en" : "es";
}
