// The events of a file that somebody chose; whether each is right is for the hub to say.
import type { Event } from "../api/types";

export class NoEventFile extends Error {}

export function eventsOf(text: string): Event[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new NoEventFile();
  }
  const events = typeof content === "object" && content !== null && "events" in content ? content.events : undefined;
  if (!Array.isArray(events) || !events.every((event) => typeof event === "object" && event !== null)) throw new NoEventFile();
  return events as Event[];
}
