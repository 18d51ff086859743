// An audience in words.
import type { TFunction } from "i18next";
import type { Audience } from "../api/types";

export function audienceWords(audience: readonly Audience[], t: TFunction): string {
  return audience.map((one) => (one.kind === "global" ? t("audience.global") : one.name)).join(", ");
}
