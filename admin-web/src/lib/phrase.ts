// Quick texts: their blanks, and how they enter a message.

const BLANK = /\{([^{}\n]{1,40})\}/g;

/** The names of the blanks, each once, in their order. */
export function blanksOf(phrase: string): string[] {
  return [...new Set([...phrase.matchAll(BLANK)].map((match) => match[1] ?? ""))];
}

export function filled(phrase: string, words: Record<string, string>): string {
  return phrase.replace(BLANK, (blank, name: string) => words[name]?.trim() || blank);
}

/** A text with a phrase put in at a place; a space keeps words apart. */
export function inserted(text: string, phrase: string, start: number, end: number): { text: string; cursor: number } {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const gap = before !== "" && !/\s$/.test(before) ? " " : "";
  const tail = after !== "" && !/^[\s.,;:!?]/.test(after) ? " " : "";
  const head = before + gap + phrase;
  return { text: head + tail + after, cursor: head.length };
}
