// The latest events on the start page, live.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { eventsQuery } from "../api/queries";
import { EventRow } from "./EventRows";
import { IconActivity, IconChevronRight } from "./icons";
import { Section } from "./Section";
import { Empty, Failure, SkeletonRows } from "./States";
import classes from "./LatestEvents.module.css";

const SHOWN = 8;

export function LatestEvents() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(eventsQuery);
  const events = list.data?.pages[0]?.events.slice(0, SHOWN) ?? [];
  return (
    <Section
      title={t("events.latest")}
      aside={
        <Link to="/events" className={classes.all}>
          {t("events.all")}
          <IconChevronRight size={16} />
        </Link>
      }
    >
      {list.isPending && <SkeletonRows rows={5} height={56} />}
      {list.isError && !list.data && <Failure title={t("events.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && events.length === 0 && (
        <Empty icon={<IconActivity size={20} />} title={t("events.empty")}>
          {t("events.emptyHint")}
        </Empty>
      )}
      {events.length > 0 && (
        <ul className={classes.list}>
          {events.map((event) => (
            <li key={event.id} className={classes.item}>
              <EventRow event={event} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
