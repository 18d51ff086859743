// All events, newest first, live. While somebody reads further down, new ones wait behind a button, so that nothing jumps.
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { eventsQuery } from "../api/queries";
import type { Event } from "../api/types";
import { EventRow } from "../components/EventRows";
import { IconActivity, IconArrowUp } from "../components/icons";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { VirtualRows } from "../components/VirtualRows";
import { useTitle } from "../lib/title";
import classes from "./Events.module.css";

const TOP_PX = 24;

export function Events() {
  const { t } = useTranslation();
  useTitle(t("nav.events"));
  const list = useInfiniteQuery(eventsQuery);
  const wide = useMediaQuery("(min-width: 700px)", true, { getInitialValueInEffect: false });
  const box = useRef<HTMLDivElement>(null);
  const all = list.data?.pages.flatMap((page) => page.events) ?? [];
  const { shown, held, release } = useHeld(all, box);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <h1 className={classes.title}>{t("nav.events")}</h1>
      <p className={classes.lead}>{t("events.lead")}</p>
      <Section title={t("events.log")} className={classes.section}>
        {list.isPending && <SkeletonRows rows={10} height={44} />}
        {list.isError && !list.data && <Failure title={t("events.failed")} error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && all.length === 0 && (
          <Empty icon={<IconActivity size={20} />} title={t("events.empty")}>
            {t("events.emptyHint")}
          </Empty>
        )}
        {shown.length > 0 && (
          <div className={classes.wrap}>
            {held > 0 && (
              <Button className={classes.fresh} size="xs" radius="xl" leftSection={<IconArrowUp size={16} />} onClick={release}>
                {t("events.fresh", { count: held })}
              </Button>
            )}
            <VirtualRows
              key={String(wide)}
              label={t("events.log")}
              className={classes.list}
              scroller={box}
              items={shown}
              rowHeight={wide ? 40 : 56}
              keyOf={(event) => event.id}
              onEnd={more}
              render={(event) => <EventRow event={event} />}
            />
          </div>
        )}
      </Section>
    </>
  );
}

/** Holds events newer than the topmost one that was shown when the reader left the top. */
function useHeld(all: readonly Event[], box: RefObject<HTMLDivElement | null>) {
  const [since, setSince] = useState<number | null>(null);
  const newest = all[0]?.id;
  const present = newest !== undefined;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const scrolled = () => setSince((old) => (element.scrollTop <= TOP_PX ? null : (old ?? newest ?? null)));
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [box, newest, present]);
  const shown = since === null ? all : all.filter((event) => event.id <= since);
  const release = useCallback(() => {
    setSince(null);
    box.current?.scrollTo({ top: 0 });
  }, [box]);
  return { shown, held: all.length - shown.length, release };
}
