// A search field whose words stand in the address, a moment after they are typed.
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

const PAUSE_MS = 200;

/** What a page takes over from its address. */
export interface Searched {
  search?: string;
}

export function asSearched(search: Record<string, unknown>): Searched {
  const words = search["search"];
  // The router reads a number where somebody searched for one.
  return (typeof words === "string" && words !== "") || typeof words === "number" ? { search: String(words) } : {};
}

export function useAddressSearch(search: string, keep: (search: string | undefined) => void) {
  const [typed, setTyped] = useState(search);
  const later = useDebouncedCallback((words: string) => keep(words || undefined), PAUSE_MS);
  useEffect(() => setTyped((old) => (old.trim() === search ? old : search)), [search]);
  return {
    typed,
    type(words: string): void {
      setTyped(words);
      later(words.trim());
    },
  };
}
