import type { Texts } from "..";

export const clients: Texts["clients"] = {
  all: "All",
  count: "{{online}} of {{all}} online",
  empty: "There is no PC yet",
  emptyAdmin: "Enrol the first one: you make a code and run one command on the PC.",
  emptyHint: "The PCs of the branches appear here once the administrator enrols them.",
  failed: "The list of branches could not be loaded",
  filter: "Show",
  isOnline: "connected",
  lastSeen: "seen",
  never: "never connected",
  noMatch: "Nothing matches “{{search}}”",
  noMatchHint: "The search looks at branch names, whatever their case and accents.",
  noneOnline: "No branch is online",
  noneOnlineHint_one: "{{count}} PC is enrolled; it gets what waits as soon as it is back.",
  noneOnlineHint_other: "{{count}} PCs are enrolled; they get what waits as soon as they are back.",
  offline: "Offline",
  online: "Online",
  search: "Find a branch",
  title: "Branches",
};
