import type { Texts } from "..";

export const help: Texts["help"] = {
  events: "Go to the events",
  groups: "Go to the groups",
  help: "This help",
  licenses: "Third-party licences",
  new: "Write an alert",
  open: "Keyboard shortcuts",
  search: "Search in the page",
  send: "Review the alert before sending it",
  start: "Go to the start",
  switch: "One-letter shortcuts",
  switchHint: "Switch them off if you dictate by voice or hit them by accident.",
  title: "Keyboard shortcuts",
};
