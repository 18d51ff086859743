// One-letter keys, and `g` followed by the letter of a place. They stay silent while somebody types, with a modifier, in a
// dialog, or when switched off.
import { useEffect } from "react";
import { createStore, useStore } from "./store";

export const shortcutsOn = createStore(true);

const keys = new Map<string, () => void>();

/** While the component stands; the last one to ask for a key has it. */
export function useShortcut(key: string, run: () => void): void {
  useEffect(() => {
    keys.set(key, run);
    return () => {
      if (keys.get(key) === run) keys.delete(key);
    };
  }, [key, run]);
}

/** How long `g` waits for its second letter. */
const PATIENCE_MS = 1_500;

/** What a key does: it completes `g x`, begins it, or stands for itself. `until` is what the next key meets. */
export function meaning(until: number, key: string, now: number): { kind: "place" | "begin" | "alone"; until: number } {
  if (now < until) return { kind: "place", until: 0 };
  return key === "g" ? { kind: "begin", until: now + PATIENCE_MS } : { kind: "alone", until: 0 };
}

/** Listens for all of them; `go` gets the letter after `g`. */
export function useKeyboard(go: (letter: string) => void): void {
  const on = useStore(shortcutsOn);
  useEffect(() => {
    if (!on) return;
    let until = 0;
    function listen(event: KeyboardEvent): void {
      // Shift alone comes before "?" and says nothing.
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 || event.defaultPrevented || busy(event.target)) return;
      const found = meaning(until, event.key, event.timeStamp);
      until = found.until;
      const run = found.kind === "place" ? () => go(event.key) : keys.get(event.key);
      if (found.kind === "begin" || !run) return;
      event.preventDefault();
      run();
    }
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [on, go]);
}

function busy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
