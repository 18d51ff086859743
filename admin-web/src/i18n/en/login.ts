import type { Texts } from "..";

export const login: Texts["login"] = {
  adminLead: "This entrance is for the administration account alone.",
  adminTitle: "Administration",
  caps: "Caps Lock is on",
  claim: "Alerts that do not get lost. And you know who has seen them.",
  claimMore: "From one voice to every branch, with a receipt from every screen.",
  enter: "Sign in",
  expired: "Your session has ended. Sign in again: what you were writing is still here.",
  failed: "Signing in failed",
  lead: "With your technician account.",
  missing: "Needed to sign in",
  password: "Password",
  show: "Show or hide the password",
  title: "Sign in",
  toAdmin: "Sign in as administrator",
  toTechnicians: "Sign in as technician",
  totp: "Code",
  totpAsk: "The password is right. Now the code of your app, or a recovery code.",
  totpWrong: "The code is wrong or was used already.",
  username: "User name",
  wrong: "The user name or the password is not right.",
};
