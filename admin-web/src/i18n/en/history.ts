import type { Texts } from "..";

export const history: Texts["history"] = {
  clear: "Clear the filters",
  csv: "Table (CSV)",
  drill: "Drills only",
  filters: "Filters of the alerts",
  from: "From",
  json: "JSON",
  lead: "Every alert that was sent, with how far each came.",
  noSender: "Nobody of this name has sent alerts",
  none: "No alert fits the filters",
  noneHint: "The search looks at title, text and sender, from the beginning of each word.",
  notSaved: "The receipts could not be downloaded",
  receipts: "Download receipts",
  search: "Search the alerts",
  sender: "Who sent it",
  state: "State",
  states: { expired: "Expired", standing: "Standing", withdrawn: "Withdrawn" },
  title: "History",
  to: "To",
  unseen: "Only those somebody has not seen",
};
