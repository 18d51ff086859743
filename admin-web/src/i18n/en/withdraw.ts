import type { Texts } from "..";

export const withdraw: Texts["withdraw"] = {
  confirm: "Withdraw",
  done: "Alert withdrawn",
  failed: "The alert could not be withdrawn",
  lead_one: "The alert leaves the screen, and who has not got it yet will not see it.",
  lead_other: "The alert leaves all {{count}} screens, and who has not got it yet will not see it.",
  open: "Withdraw alert",
  reason: "Reason",
  title: "Withdraw this alert?",
};
