// What the palette offers for the words that were typed, best first. Pure.

export interface Offer {
  id: string;
  section: "actions" | "places" | "groups" | "branches";
  label: string;
}

/** Without accents and case: who types in a hurry writes neither. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

/** Every typed word must be in the label; a label that begins with them comes first. Null: it does not fit. */
export function rank(label: string, typed: string): number | null {
  const text = plain(label);
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (!words.every((word) => text.includes(word))) return null;
  const first = words[0];
  if (first === undefined || text.startsWith(first)) return 0;
  return text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(first)) ? 1 : 2;
}

export function fitting<O extends Offer>(offers: readonly O[], typed: string): O[] {
  return offers
    .map((offer) => ({ offer, rank: rank(offer.label, typed) }))
    .filter((one): one is { offer: O; rank: number } => one.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ offer }) => offer);
}

/** The next line for an arrow key, around the ends. */
export function moved(at: number, by: number, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}
