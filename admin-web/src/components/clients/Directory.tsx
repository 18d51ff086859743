// The list: filters with their counts, search, order, and rows as far as somebody scrolls.
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { countsQuery, directoryQuery } from "../../api/clients";
import { dialog } from "../../lib/dialog";
import { useSelection } from "../../lib/selection";
import { IconDeviceDesktopPlus, IconDevicesPc } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { BulkBar } from "./BulkBar";
import { ClientFilters } from "./ClientFilters";
import { ClientRow, Heads } from "./ClientRow";
import classes from "./Clients.module.css";

export function Directory({ isAdmin }: { isAdmin: boolean }) {
  const { t, i18n } = useTranslation();
  const { search, filter, days, sort } = useSearch({ from: "/clients" });
  const wanted = useMemo(
    () => ({ ...(search && { search }), ...(filter && { filter }), ...(days && { days }), ...(sort && { sort }) }),
    [search, filter, days, sort],
  );
  const list = useInfiniteQuery({ ...directoryQuery(wanted), placeholderData: keepPreviousData });
  const counts = useQuery({ ...countsQuery(wanted), placeholderData: keepPreviousData }).data;
  const clients = list.data?.pages.flatMap((page) => page.clients) ?? [];
  const total = list.data?.pages[0]?.total;
  const figures = new Intl.NumberFormat(i18n.language);
  const picked = useSelection(JSON.stringify({ search, filter, days }));
  const isPicking = isAdmin && (picked.all || picked.names.size > 0);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Section
      title={t("directory.list")}
      aside={total !== undefined && <span className="figures" data-testid="directory-total">{figures.format(total)}</span>}
      className={classes.contained ?? ""}
    >
      <ClientFilters counts={counts} />
      {list.isPending && <SkeletonRows rows={12} />}
      {list.isError && !list.data && <Failure title={t("directory.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && clients.length === 0 && <Nobody all={counts?.all} isAdmin={isAdmin} />}
      {clients.length > 0 && (
        <>
          <Heads picks={isAdmin} />
          <VirtualRows
            label={t("directory.list")}
            className={classes.list}
            items={clients}
            rowHeight={36}
            keyOf={(client) => client.name}
            total={total}
            onEnd={more}
            render={(client) => (
              <ClientRow client={client} picked={picked.all || picked.names.has(client.name)} onPick={isAdmin ? picked.toggle : undefined} />
            )}
          />
          {isPicking && (
            <BulkBar
              chosen={picked.all ? { matching: wanted } : { names: [...picked.names] }}
              count={picked.all ? (total ?? 0) : picked.names.size}
              total={total ?? 0}
              onAll={picked.all || picked.names.size === total ? null : picked.pickAll}
              onNone={picked.clear}
            />
          )}
        </>
      )}
    </Section>
  );
}

/** Why there is nobody: nobody matches the words, nobody is in the filter, or nobody is enrolled. */
function Nobody({ all, isAdmin }: { all: number | undefined; isAdmin: boolean }) {
  const { t } = useTranslation();
  const { search, filter } = useSearch({ from: "/clients" });
  const navigate = useNavigate({ from: "/clients" });
  const icon = <IconDevicesPc size={20} />;
  const reset = (
    <Button variant="default" size="sm" onClick={() => void navigate({ search: {}, replace: true })}>
      {t("directory.reset")}
    </Button>
  );
  if (filter) {
    return (
      <Empty icon={icon} title={t("directory.empty")} action={reset}>
        {search ? t("clients.noMatch", { search }) : all !== undefined && t("directory.emptyHint", { count: all })}
      </Empty>
    );
  }
  if (search) return <Empty icon={icon} title={t("clients.noMatch", { search })} action={reset}>{t("clients.noMatchHint")}</Empty>;
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
