// An audience in words.
import type { TFunction } from "i18next";
import type { Audience } from "../api/types";

export function audienceWords(audience: readonly Audience[], t: TFunction): string {
  return audience.map((one) => wordsOf(one, t)).join(", ");
}

function wordsOf(audience: Audience, t: TFunction): string {
  if (audience.kind === "global") return t("audience.global");
  return audience.kind === "group" ? t("audience.group", { group: audience.name }) : audience.name;
}
