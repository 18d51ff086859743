// Every alert that was ever sent, found by what somebody remembers of it. The filters stand in the address.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@mantine/core";
import { historyQuery } from "../api/history";
import { AlertRow } from "../components/RecentAlerts";
import { HistoryFilters } from "../components/history/HistoryFilters";
import { IconHistory } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { isFiltered, type Filters } from "../lib/history";
import { useTitle } from "../lib/title";
import recent from "../components/RecentAlerts.module.css";

export function Alerts() {
  const { t } = useTranslation();
  useTitle(t("nav.alerts"));
  return (
    <>
      <PageHead title={t("nav.alerts")} lead={t("history.lead")} />
      <Found />
    </>
  );
}

function Found() {
  const { t, i18n } = useTranslation();
  const filters = useSearch({ from: "/alerts" });
  const navigate = useNavigate({ from: "/alerts" });
  const change = useCallback((wanted: Filters) => void navigate({ search: wanted, replace: true }), [navigate]);
  const list = useInfiniteQuery({ ...historyQuery(filters), placeholderData: keepPreviousData });
  const alerts = list.data?.pages.flatMap((page) => page.alerts) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <Section
      title={t("history.title")}
      aside={total !== undefined && <span className="figures" data-testid="history-total">{new Intl.NumberFormat(i18n.language).format(total)}</span>}
    >
      <HistoryFilters filters={filters} onChange={change} />
      {list.isPending && <SkeletonRows rows={8} height={60} />}
      {list.isError && !list.data && <Failure title={t("recent.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && alerts.length === 0 && <Nothing filtered={isFiltered(filters)} onClear={() => change({})} />}
      {alerts.length > 0 && (
        <ul className={recent.list} aria-busy={list.isPlaceholderData}>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className={recent.more}>
          <Button variant="subtle" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("recent.older")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  const icon = <IconHistory size={20} />;
  if (!filtered) return <Empty icon={icon} title={t("recent.empty")}>{t("recent.emptyHint")}</Empty>;
  const clear = (
    <Button variant="default" size="sm" onClick={onClear}>
      {t("history.clear")}
    </Button>
  );
  return <Empty icon={icon} title={t("history.none")} action={clear}>{t("history.noneHint")}</Empty>;
}
