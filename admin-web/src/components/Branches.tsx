// Who is connected, live: searched, filtered and paged on the hub.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { clientsQuery, type Presence } from "../api/queries";
import type { Client } from "../api/types";
import { dialog } from "../lib/dialog";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTotals } from "../lib/totals";
import { IconDeviceDesktopPlus, IconSearch, IconUsers } from "./icons";
import { Section } from "./Section";
import { Empty, Failure, SkeletonRows } from "./States";
import { VirtualRows } from "./VirtualRows";
import { When } from "./When";
import classes from "./Branches.module.css";

const FILTERS = ["all", "online"] as const satisfies readonly Presence[];

export function Branches() {
  const { t, i18n } = useTranslation();
  const [filter, setFilter] = useState<Presence>("all");
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 200);
  const list = useInfiniteQuery({ ...clientsQuery(filter, search), placeholderData: keepPreviousData });
  const count = useTotals();
  const figures = new Intl.NumberFormat(i18n.language);
  const rows = list.data?.pages.flatMap((page) => page.clients) ?? [];
  const first = list.data?.pages[0];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Section
      title={t("clients.title")}
      aside={
        count && (
          <span className="figures" data-testid="online-count">
            {t("clients.count", { online: figures.format(count.online), all: figures.format(count.all) })}
          </span>
        )
      }
    >
      <div className={classes.tools}>
        <TextInput
          className={classes.search}
          size="sm"
          type="search"
          data-search
          aria-label={t("clients.search")}
          placeholder={t("clients.search")}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("clients.filter")}
          value={filter}
          onChange={(value) => setFilter(FILTERS.find((known) => known === value) ?? "all")}
          data={FILTERS.map((value) => ({ value, label: t(`clients.${value}`) }))}
        />
      </div>
      {list.isPending && <SkeletonRows rows={6} />}
      {list.isError && !list.data && <Failure title={t("clients.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && <Nobody search={search} all={count?.all ?? 0} />}
      {rows.length > 0 && (
        <VirtualRows
          label={t("clients.title")}
          className={classes.list}
          items={rows}
          rowHeight={36}
          keyOf={(client) => client.name}
          total={first?.total}
          onEnd={more}
          render={(client) => <ClientRow client={client} />}
        />
      )}
    </Section>
  );
}

function ClientRow({ client }: { client: Client }) {
  const { t } = useTranslation();
  const details = [client.address, client.version, client.os].filter(Boolean).join(" · ");
  const at = client.online ? client.since : client.last_seen;
  return (
    <div className={classes.row} title={details} data-testid="client" data-online={client.online}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.name} translate="no">
        {client.name}
      </span>
      <span className={classes.state}>
        {client.online ? t("clients.isOnline") : client.last_seen ? t("clients.lastSeen") : t("clients.never")} {at && <When at={at} relative />}
      </span>
    </div>
  );
}

function Nobody({ search, all }: { search: string; all: number }) {
  const { t } = useTranslation();
  const isAdmin = useStore(session)?.role === "admin";
  const icon = <IconUsers size={20} />;
  if (search) return <Empty icon={icon} title={t("clients.noMatch", { search })}>{t("clients.noMatchHint")}</Empty>;
  if (all > 0) return <Empty icon={icon} title={t("clients.noneOnline")}>{t("clients.noneOnlineHint", { count: all })}</Empty>;
  const add = (
    <Button variant="default" size="sm" leftSection={<IconDeviceDesktopPlus size={18} />} onClick={() => dialog.set("enrol")}>
      {t("enrol.open")}
    </Button>
  );
  return (
    <Empty icon={icon} title={t("clients.empty")} action={isAdmin && add}>
      {t(isAdmin ? "clients.emptyAdmin" : "clients.emptyHint")}
    </Empty>
  );
}
