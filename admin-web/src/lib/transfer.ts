// Which sections a document may have, and reading a file as one.
import type { Export } from "../api/types";

/** Those of the configuration first; the others are large, or only for people to read. */
export const SECTIONS = ["groups", "users", "clients", "phrases", "rules", "settings", "events", "emails", "statistics"] as const;
export type Section = (typeof SECTIONS)[number];

export const USUAL: readonly Section[] = ["groups", "users", "clients", "phrases", "rules", "settings"];

/** As much as the hub reads. */
export const DOCUMENT_BYTES = 32 * 1024 * 1024;

export class NoDocument extends Error {
  constructor(readonly why: "large" | "json") {
    super(why);
    this.name = "NoDocument";
  }
}

export function asDocument(text: string): Export {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Export;
  } catch {
    // Said below.
  }
  throw new NoDocument("json");
}

export function isKnown(section: string): section is Section {
  return SECTIONS.some((known) => known === section);
}
