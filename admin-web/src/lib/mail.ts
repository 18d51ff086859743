// What came of a mail: what the mail server said stands as it was said; what the hub itself says is said in the reader's language.
import type { TFunction } from "i18next";

export function mailWords(detail: string, t: TFunction): string {
  if (detail.startsWith("mail is not configured")) return t("dashboard.mailUnset");
  return detail.startsWith("nobody to mail to") ? t("dashboard.mailNobody") : detail;
}
