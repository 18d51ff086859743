// How many a draft reaches: live for everybody and for a group, one for a branch; and the words for button and foot.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { groupQuery } from "../../api/groups";
import type { Group } from "../../api/types";
import { api, unwrap } from "../../api/client";
import { audienceOf, type Draft } from "../../lib/draft";
import { useTotals } from "../../lib/totals";

export interface Reach {
  count: number;
  /** It is known that nobody would get it. */
  nobody: boolean;
  button: string;
  words: string;
}

export function useReach(draft: Draft): Reach {
  const { t } = useTranslation();
  const everybody = useEverybody();
  const group = useGroup(draft.whom === "group" ? draft.group : null);
  const several = useSeveral(draft);
  if (draft.whom === "everybody") return everybody;
  if (draft.also.length > 0) return several;
  if (draft.whom === "group") return group;
  const button = draft.branch ? t("compose.sendTo", { whom: draft.branch }) : t("compose.sendBranch");
  return { count: draft.branch ? 1 : 0, nobody: false, button, words: "" };
}

/** Several at once are counted by the hub: whoever is in two groups gets one. */
function useSeveral(draft: Draft): Reach {
  const { t } = useTranslation();
  const figures = useFigures();
  const audience = audienceOf(draft);
  const { data } = useQuery({
    queryKey: ["reach", audience] as const,
    queryFn: () => unwrap(api.POST("/api/audiences/count", { body: { audience } })),
    enabled: draft.also.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  if (!data) return { count: 0, nobody: false, button: t("compose.sendBranch"), words: "" };
  const { recipients: count, online, unknown } = data;
  const reached = count === 0 ? t("compose.nobody") : t("compose.onlineNow", { count: online, online: figures(online), all: figures(count) });
  const words = unknown.length === 0 ? reached : `${reached} · ${t("compose.notEnrolled", { count: unknown.length })}`;
  return { count, nobody: count === 0, button: t("compose.sendTo", { whom: figures(count) }), words };
}

function useEverybody(): Reach {
  const { t } = useTranslation();
  const figures = useFigures();
  const totals = useTotals();
  if (!totals) return { count: 0, nobody: false, button: t("compose.sendAll"), words: "" };
  const { all: count, online: now } = totals;
  const words = count === 0 ? t("compose.nobody") : t("compose.onlineNow", { count: now, online: figures(now), all: figures(count) });
  const button = count === 0 ? t("compose.sendAll") : t("compose.sendTo", { whom: figures(count) });
  return { count, nobody: count === 0, button, words };
}

function useGroup(name: string | null): Reach {
  const { t } = useTranslation();
  const figures = useFigures();
  const { data: group } = useQuery({ ...groupQuery(name ?? ""), enabled: name !== null, placeholderData: keepPreviousData });
  if (name === null) return { count: 0, nobody: false, button: t("compose.sendBranch"), words: "" };
  if (group?.name !== name) return { count: 0, nobody: false, button: t("compose.sendTo", { whom: name }), words: "" };
  const count = enrolledIn(group);
  const now = group.connected.length;
  const missing = group.unknown.length;
  const reached = count === 0 ? t("compose.emptyGroup") : t("compose.onlineNow", { count: now, online: figures(now), all: figures(count) });
  const words = missing === 0 ? reached : `${reached} · ${t("compose.notEnrolled", { count: missing })}`;
  const button = t("compose.sendTo", { whom: count === 0 ? name : figures(count) });
  return { count, nobody: count === 0, button, words };
}

function enrolledIn({ connected, disconnected }: Group): number {
  return connected.length + disconnected.length;
}

function useFigures(): (number: number) => string {
  const { i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  return (number) => figures.format(number);
}
