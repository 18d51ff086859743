import type { Texts } from "..";

export const palette: Texts["palette"] = {
  actions: "Actions",
  branches: "Branches",
  failed: "Groups and branches could not be searched; the rest works.",
  found_one: "{{count}} result",
  found_other: "{{count}} results",
  groups: "Groups",
  nothing: "Nothing has that name",
  open: "Search or go to…",
  places: "Pages",
  search: "Page, group, branch or action",
  write: "Write to {{name}}",
};
