import type { Texts } from "..";

export const limits: Texts["limits"] = {
  byGroup: "May write to some groups only",
  bySeverity: "May use some severities only",
  groups: "Allowed groups",
  groupsHint: "And to every branch of these groups; never to all.",
  lead: "It holds for sending, withdrawing and correcting alerts, from now on.",
  noGroup: "With no group chosen this person cannot send alerts to anybody.",
  noSeverity: "With no severity chosen this person cannot send alerts.",
  open: "Limits…",
  save: "Save the limits",
  saved: "Limits of {{name}} saved",
  severities: "Allowed severities",
  some: "limited",
  title: "Limits of {{name}}",
};
