// What the guard noticed, newest first: when, how grave, what, from where. Filters stand in the address.
import { Button, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { securityEventsQuery } from "../../api/guard";
import type { SecurityEvent } from "../../api/types";
import { COLOUR, KINDS, LEVELS, type GuardPlace } from "../../lib/guard";
import { useAddressSearch } from "../../lib/search";
import { IconShieldCheck } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Guard.module.css";

export function Noticed({ place, onBan }: { place: GuardPlace; onBan: (ip: string) => void }) {
  const { t, i18n } = useTranslation();
  const list = useInfiniteQuery(securityEventsQuery(place));
  const events = list.data?.pages.flatMap((page) => page.events) ?? [];
  const isFiltered = Boolean(place.search ?? place.level ?? place.kind);
  const total = list.data?.pages[0]?.total;
  return (
    <Section
      title={t("guard.events")}
      aside={total !== undefined && <span className="figures">{new Intl.NumberFormat(i18n.language).format(total)}</span>}
    >
      <Filters place={place} />
      {list.isPending && <SkeletonRows rows={6} height={56} />}
      {list.isError && !list.data && <Failure title={t("guard.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && events.length === 0 && (
        <Empty icon={<IconShieldCheck size={20} />} title={t(isFiltered ? "guard.noMatch" : "guard.calm")}>
          {t(isFiltered ? "guard.noMatchHint" : "guard.calmHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {events.map((event) => (
          <Row key={event.id} event={event} onBan={onBan} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("guard.older")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Filters({ place }: { place: GuardPlace }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/guard" });
  const keep = (change: Partial<Record<keyof GuardPlace, string | undefined>>) =>
    void navigate({ search: (old) => ({ ...old, ...change }) as GuardPlace, replace: true });
  const { typed, type } = useAddressSearch(place.search ?? "", (search) => keep({ search }));
  return (
    <div className={classes.filters}>
      <SearchField className={classes.search} label={t("guard.search")} value={typed} onChange={type} />
      <Select
        size="sm"
        clearable
        aria-label={t("guard.level")}
        placeholder={t("guard.level")}
        value={place.level ?? null}
        data={LEVELS.map((value) => ({ value: value as string, label: t(`guard.levels.${value}`) }))}
        onChange={(level) => keep({ level: level ?? undefined })}
      />
      <Select
        size="sm"
        clearable
        aria-label={t("guard.kind")}
        placeholder={t("guard.kind")}
        value={place.kind ?? null}
        data={KINDS.map((value) => ({ value: value as string, label: t(`guard.kinds.${value}`) }))}
        onChange={(kind) => keep({ kind: kind ?? undefined })}
      />
    </div>
  );
}

function Row({ event, onBan }: { event: SecurityEvent; onBan: (ip: string) => void }) {
  const { t } = useTranslation();
  return (
    <li className={classes.row} data-testid="security-event" data-kind={event.kind}>
      <span className={classes.level} data-severity={COLOUR[event.level]}>
        {t(`guard.levels.${event.level}`)}
      </span>
      <div className={classes.words}>
        <p className={classes.what}>
          {t(`guard.kinds.${event.kind}`)}
          {event.count > 1 && <span className="figures"> × {event.count}</span>}
        </p>
        <p className={classes.detail} translate="no">
          {event.detail}
        </p>
        <p className={`${classes.soft} figures`}>
          <When at={event.created_at} /> · <span translate="no">{event.client ? `${event.client} · ${event.ip}` : event.ip}</span>
        </p>
      </div>
      {event.level === "high" && (
        <Button variant="default" size="compact-sm" aria-label={t("guard.banNamed", { ip: event.ip })} onClick={() => onBan(event.ip)}>
          {t("guard.ban")}
        </Button>
      )}
    </li>
  );
}
