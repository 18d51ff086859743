import type { Texts } from "..";

export const help: Texts["help"] = {
  go: "Go to {{place}}",
  help: "This help",
  licenses: "Third-party licences",
  new: "Write an alert",
  open: "Keyboard shortcuts",
  palette: "Search, or go anywhere",
  search: "Search in the page",
  send: "Review the alert before sending it",
  switch: "One-letter shortcuts",
  switchHint: "Switch them off if you dictate by voice or hit them by accident.",
  then: "then",
  title: "Keyboard shortcuts",
};
