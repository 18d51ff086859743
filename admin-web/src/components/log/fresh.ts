// New entries of the log: looked for every five minutes, on demand, and when the socket says that the log has grown.
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsPage, newestAction, type Action, type ActionList } from "../../api/logs";
import { announce } from "../../lib/announce";
import { useNow } from "../../lib/clock";
import { countdown, fresher, REFRESH_MS, type LogFilter } from "../../lib/log";
import { useStore } from "../../lib/store";

/** The socket may tell of many entries at once. */
const SETTLE_MS = 1_500;

interface Fresh {
  /** Shown above the pages, because the reader asked for them. */
  added: Action[];
  /** How many wait to be shown; there may be more than were fetched. */
  held: number;
  isMore: boolean;
  left: string;
  look: () => Promise<void>;
  show: () => void;
}

export function useFresh(filter: LogFilter, first: ActionList | undefined): Fresh {
  const { t } = useTranslation();
  const [added, setAdded] = useState<Action[]>([]);
  const [waiting, setWaiting] = useState<Action[]>([]);
  const [page, setPage] = useState(0);
  const [nextAt, setNextAt] = useState(() => Date.now() + REFRESH_MS);
  const top = added[0]?.seq ?? first?.actions[0]?.seq ?? 0;
  const isHere = first !== undefined;
  const look = useCallback(async () => {
    setNextAt(Date.now() + REFRESH_MS);
    if (!isHere) return;
    try {
      const { actions } = await actionsPage(filter);
      setPage(actions.length);
      setWaiting((old) => {
        const fresh = fresher([{ seq: top }], actions);
        if (fresh.length > old.length) announce(t("log.fresh", { count: fresh.length }));
        return fresh;
      });
    } catch {
      // The link's banner says that the hub is away; the next look comes by itself.
    }
  }, [filter, isHere, top, t]);
  const now = useNow();
  const isDue = now >= nextAt;
  useEffect(() => {
    if (isDue) void look();
  }, [isDue, look]);
  const told = useStore(newestAction);
  useEffect(() => {
    if (told <= top) return;
    const timer = setTimeout(() => void look(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [told, top, look]);
  const held = waiting.filter(({ seq }) => seq > top).length;
  return {
    added,
    held,
    isMore: held > 0 && held === page,
    left: countdown(nextAt - now),
    look,
    show: () => {
      setAdded((old) => [...fresher(old.length > 0 ? old : [{ seq: top }], waiting), ...old]);
      setWaiting([]);
    },
  };
}
