// How many a draft reaches: live for everybody, one for a branch; and the words for button and foot.
import { useTranslation } from "react-i18next";
import type { Draft } from "../../lib/draft";
import { useTotals } from "../../lib/totals";

export interface Reach {
  count: number;
  /** It is known that nobody would get it. */
  nobody: boolean;
  button: string;
  words: string;
}

export function useReach(draft: Draft): Reach {
  const { t, i18n } = useTranslation();
  const totals = useTotals();
  const figures = new Intl.NumberFormat(i18n.language);
  if (draft.whom === "branch") {
    const button = draft.branch ? t("compose.sendTo", { whom: draft.branch }) : t("compose.sendBranch");
    return { count: draft.branch ? 1 : 0, nobody: false, button, words: "" };
  }
  if (!totals) return { count: 0, nobody: false, button: t("compose.sendAll"), words: "" };
  const { all: count, online: now } = totals;
  const words = count === 0 ? t("compose.nobody") : t("compose.onlineNow", { count: now, online: figures.format(now), all: figures.format(count) });
  const button = count === 0 ? t("compose.sendAll") : t("compose.sendTo", { whom: figures.format(count) });
  return { count, nobody: count === 0, button, words };
}
