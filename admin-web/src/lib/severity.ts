// The four severities, mildest first. Icons and colours hang on these names; see components/Severity.tsx and styles/tokens.css.
import type { Severity } from "../api/types";

export const SEVERITIES = ["info", "warning", "error", "critical"] as const satisfies readonly Severity[];

/** An unknown word from a newer hub is shown as information rather than not at all. */
export function asSeverity(word: string): Severity {
  return SEVERITIES.find((severity) => severity === word) ?? "info";
}
