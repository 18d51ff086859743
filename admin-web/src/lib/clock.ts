// The ticking second. One timer serves every label; it stands still while nobody looks.
import { useSyncExternalStore } from "react";
import { link } from "../api/socket";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** This machine's clock, once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** The hub's clock, once a second: what times from the hub are compared with. */
export function useHubNow(): number {
  return useNow() + link.get().offset;
}
