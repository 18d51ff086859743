// What screen readers hear: one polite and one assertive region, in the page from the start (components/Announcer.tsx).
import { createStore } from "./store";

export const polite = createStore("");
export const assertive = createStore("");

/** The same words twice are said twice: an invisible space tells them apart. */
export function announce(text: string, urgency: "polite" | "assertive" = "polite"): void {
  const region = urgency === "polite" ? polite : assertive;
  region.set((old) => (old === text ? `${text}\u00a0` : text));
}
