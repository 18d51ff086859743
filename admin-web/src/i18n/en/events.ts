import type { Texts } from "..";

export const events: Texts["events"] = {
  all: "See all",
  empty: "No event has arrived yet",
  emptyHint: "Sensors and monitoring tools send them to the hub's event port.",
  failed: "The events could not be loaded",
  fresh_one: "{{count}} new",
  fresh_other: "{{count}} new",
  latest: "Latest events",
  lead: "What the sensors say, as it arrives. A critical event alerts all branches.",
  log: "Events, latest first",
};
