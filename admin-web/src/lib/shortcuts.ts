// One-letter keys. They stay silent while somebody types, with a modifier, in a dialog, or when switched off.
import { useEffect } from "react";
import { createStore, useStore } from "./store";

export const shortcutsOn = createStore(true);

export function useShortcut(key: string, run: () => void): void {
  const on = useStore(shortcutsOn);
  useEffect(() => {
    if (!on) return;
    function listen(event: KeyboardEvent): void {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || busy(event.target)) return;
      event.preventDefault();
      run();
    }
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [key, on, run]);
}

function busy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
