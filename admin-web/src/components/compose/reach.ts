// How many a draft reaches: live for everybody, one for a branch; and the words for button and foot.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clientsQuery } from "../../api/queries";
import { link } from "../../api/socket";
import type { Draft } from "../../lib/draft";
import { useStore } from "../../lib/store";

export interface Reach {
  count: number;
  /** It is known that nobody would get it. */
  nobody: boolean;
  button: string;
  words: string;
}

export function useReach(draft: Draft): Reach {
  const { t, i18n } = useTranslation();
  const { hello, online, clients } = useStore(link);
  // Before the link's first word the list knows the totals.
  const list = useInfiniteQuery(clientsQuery("online", ""));
  const first = list.data?.pages[0];
  const figures = new Intl.NumberFormat(i18n.language);
  if (draft.whom === "branch") {
    const button = draft.branch ? t("compose.sendTo", { whom: draft.branch }) : t("compose.sendBranch");
    return { count: draft.branch ? 1 : 0, nobody: false, button, words: "" };
  }
  if (!hello && !first) return { count: 0, nobody: false, button: t("compose.sendAll"), words: "" };
  const count = hello ? clients : (first?.total ?? 0);
  const now = hello ? online : (first?.online ?? 0);
  const words = count === 0 ? t("compose.nobody") : t("compose.onlineNow", { count: now, online: figures.format(now), all: figures.format(count) });
  const button = count === 0 ? t("compose.sendAll") : t("compose.sendTo", { whom: figures.format(count) });
  return { count, nobody: count === 0, button, words };
}
