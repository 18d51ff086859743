// All events, newest first, live, found on the hub. While somebody reads further down, new ones wait behind a button.
import { Button, SegmentedControl, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { foundEventsQuery, statsQuery } from "../../api/events";
import { eventsQuery } from "../../api/queries";
import type { Event } from "../../api/types";
import { useAddressSearch } from "../../lib/search";
import { SEVERITIES } from "../../lib/severity";
import { EventRow, useChannelName } from "../EventRows";
import { IconActivity, IconArrowUp } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { EventDrawer } from "./EventDrawer";
import classes from "./Dashboard.module.css";

const TOP_PX = 24;

export function EventsTab() {
  const { t, i18n } = useTranslation();
  const { search = "", severity, channel } = useSearch({ from: "/events" });
  const isFiltered = search !== "" || severity !== undefined || channel !== undefined;
  const live = useInfiniteQuery({ ...eventsQuery, enabled: !isFiltered });
  const found = useInfiniteQuery({ ...foundEventsQuery({ severity, channel, search }), enabled: isFiltered, placeholderData: keepPreviousData });
  const list = isFiltered ? found : live;
  const wide = useMediaQuery("(min-width: 700px)", true, { getInitialValueInEffect: false });
  const box = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<Event | null>(null);
  const all = list.data?.pages.flatMap((page) => page.events) ?? [];
  const { shown, held, release } = useHeld(all, box);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const total = list.data?.pages[0]?.total;
  return (
    <Section
      title={t("events.log")}
      className={classes.contained}
      aside={total !== undefined && <span className="figures">{new Intl.NumberFormat(i18n.language).format(Math.max(total, all.length))}</span>}
    >
      <Filters />
      {list.isPending && <SkeletonRows rows={10} height={44} />}
      {list.isError && !list.data && <Failure title={t("events.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && all.length === 0 && <NoEvents isFiltered={isFiltered} />}
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
            rowHeight={wide ? 40 : 60}
            keyOf={(event) => event.id}
            onEnd={more}
            render={(event) => (
              <button type="button" className={classes.rowButton} onClick={() => setOpened(event)}>
                <EventRow event={event} />
              </button>
            )}
          />
        </div>
      )}
      <EventDrawer event={opened} onClose={() => setOpened(null)} />
    </Section>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { search = "", severity, channel } = useSearch({ from: "/events" });
  const navigate = useNavigate({ from: "/events" });
  const { typed, type } = useAddressSearch(search, (words) =>
    void navigate({ search: ({ search: _, ...old }) => ({ ...old, ...(words && { search: words }) }), replace: true }),
  );
  return (
    <div className={classes.filters}>
      <SearchField className={classes.search} label={t("dashboard.searchEvents")} value={typed} onChange={type} />
      <SegmentedControl
        size="xs"
        aria-label={t("dashboard.bySeverity")}
        value={severity ?? "all"}
        onChange={(value) => {
          const chosen = SEVERITIES.find((one) => one === value);
          void navigate({ search: ({ severity: _, ...old }) => ({ ...old, ...(chosen && { severity: chosen }) }), replace: true });
        }}
        data={[{ value: "all", label: t("dashboard.everything") }, ...SEVERITIES.map((one) => ({ value: one, label: t(`severity.${one}`) }))]}
      />
      <ChannelSelect
        value={channel}
        onChange={(chosen) => void navigate({ search: ({ channel: _, ...old }) => ({ ...old, ...(chosen && { channel: chosen }) }), replace: true })}
      />
    </div>
  );
}

/** Channels by which there are events; the one of the address stands even if there are none. */
function ChannelSelect({ value, onChange }: { value: string | undefined; onChange: (channel: string | undefined) => void }) {
  const { t } = useTranslation();
  const name = useChannelName();
  const known = Object.keys(useQuery(statsQuery).data?.channel ?? {});
  const channels = [...new Set([...known, ...(value ? [value] : [])])].sort();
  return (
    <Select
      size="xs"
      className={classes.channelFilter}
      aria-label={t("dashboard.byChannel")}
      allowDeselect={false}
      value={value ?? "all"}
      data={[{ value: "all", label: t("dashboard.everyChannel") }, ...channels.map((one) => ({ value: one, label: name(one) }))]}
      onChange={(chosen) => onChange(chosen === null || chosen === "all" ? undefined : chosen)}
    />
  );
}

function NoEvents({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/events" });
  if (!isFiltered) return <Empty icon={<IconActivity size={20} />} title={t("events.empty")}>{t("events.emptyHint")}</Empty>;
  const clear = (
    <Button variant="default" size="sm" onClick={() => void navigate({ search: { tab: "events" }, replace: true })}>
      {t("dashboard.clear")}
    </Button>
  );
  return (
    <Empty icon={<IconActivity size={20} />} title={t("dashboard.noMatch")} action={clear}>
      {t("dashboard.noMatchHint")}
    </Empty>
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
