// Who connected, who left and why, who was not let in. Page by page; the address holds what is looked for.
import { Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { connectionLogQuery } from "../../api/monitor";
import type { ConnectionEntry } from "../../api/types";
import { KINDS } from "../../lib/monitor";
import { useAddressSearch } from "../../lib/search";
import { IconPlugConnectedX, IconRefresh } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Monitor.module.css";

export function ConnectionsTab() {
  const { t, i18n } = useTranslation();
  const { search = "", kind } = useSearch({ from: "/monitor" });
  const list = useInfiniteQuery({ ...connectionLogQuery(kind, search), placeholderData: keepPreviousData });
  const entries = list.data?.pages.flatMap(({ connections }) => connections) ?? [];
  const isFiltered = search !== "" || kind !== undefined;
  const total = list.data?.pages[0]?.total;
  const again = (
    <span className={classes.aside}>
      {total !== undefined && (
        <span className={`${classes.small} figures`} data-testid="connections-total">
          {t("monitor.entries", { count: total, formatted: new Intl.NumberFormat(i18n.language).format(total) })}
        </span>
      )}
      <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={list.isRefetching} onClick={() => void list.refetch()}>
        {t("monitor.refresh")}
      </Button>
    </span>
  );
  return (
    <Section title={t("monitor.tab.connections")} aside={again}>
      <Filters />
      {list.isPending && <SkeletonRows rows={10} />}
      {list.isError && !list.data && <Failure title={t("monitor.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && entries.length === 0 && (
        <Empty icon={<IconPlugConnectedX size={20} />} title={t(isFiltered ? "monitor.noMatch" : "monitor.nobody")}>
          {t(isFiltered ? "monitor.noMatchHint" : "monitor.nobodyHint")}
        </Empty>
      )}
      {entries.length > 0 && (
        <div className={classes.box} tabIndex={0} role="group" aria-label={t("monitor.tab.connections")}>
          <ul>
            {entries.map((entry, index) => (
              <Entry key={`${index} ${entry.at}`} entry={entry} />
            ))}
          </ul>
          {list.hasNextPage && (
            <div className={classes.older}>
              <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t("monitor.older")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { search = "", kind } = useSearch({ from: "/monitor" });
  const navigate = useNavigate({ from: "/monitor" });
  const { typed, type } = useAddressSearch(search, (words) =>
    void navigate({ search: ({ search: _, ...old }) => ({ ...old, ...(words && { search: words }) }), replace: true }),
  );
  return (
    <div className={classes.filters}>
      <SearchField className={classes.search} label={t("monitor.search")} value={typed} onChange={type} />
      <SegmentedControl
        size="xs"
        aria-label={t("monitor.byKind")}
        value={kind ?? "all"}
        onChange={(value) => {
          const chosen = KINDS.find((one) => one === value);
          void navigate({ search: ({ kind: _, ...old }) => ({ ...old, ...(chosen && { kind: chosen }) }), replace: true });
        }}
        data={[{ value: "all", label: t("monitor.everything") }, ...KINDS.map((one) => ({ value: one, label: t(`monitor.kind.${one}`) }))]}
      />
    </div>
  );
}

function Entry({ entry: { at, kind, client, address, version, reason, count } }: { entry: ConnectionEntry }) {
  const { t } = useTranslation();
  const why = reason && reason !== "left" ? t(`monitor.reason.${reason}`, { defaultValue: reason }) : "";
  return (
    <li className={classes.entry} data-kind={kind} data-testid="connection-entry">
      <span className={classes.at}>
        <When at={at} />
      </span>
      <span className={classes.who} translate="no" title={client}>
        {client || t("monitor.unknown")}
      </span>
      <span className={classes.what}>
        <span className={classes.kind}>{t(`monitor.did.${kind}`)}</span>
        {why && <span>{why}</span>}
        <span className={`${classes.small} figures`} translate="no">
          {[address || t("monitor.several"), version].filter(Boolean).join(" · ")}
        </span>
        {count > 1 && <span className={`${classes.small} figures`}>{t("monitor.times", { count })}</span>}
      </span>
    </li>
  );
}
