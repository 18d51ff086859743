import type { Texts } from "..";

export const nav: Texts["nav"] = {
  events: "Events",
  groups: "Groups",
  label: "Pages",
  leave: "Sign out",
  skip: "Skip to the content",
  start: "Start",
  user: "Account of {{name}}",
  users: "Users",
};
