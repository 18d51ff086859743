// The server's own log, read backwards.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { serverQuery } from "../../api/logs";
import { LEVELS, type AdminSearch } from "../../lib/log";
import { useAddressSearch } from "../../lib/search";
import { IconRefresh } from "../icons";
import { Empty, Failure, SkeletonRows } from "../States";
import classes from "./Log.module.css";

export function ServerLog({ search, keep }: { search: AdminSearch; keep: (change: AdminSearch) => void }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(serverQuery(search));
  const text = useAddressSearch(search.text ?? "", (words) => keep({ text: words } as AdminSearch));
  const lines = list.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <>
      <div className={classes.filters} role="search" aria-label={t("log.filters")}>
        <NativeSelect
          size="sm"
          label={t("log.level")}
          value={search.level ?? ""}
          data={[{ value: "", label: t("log.levelAny") }, ...LEVELS.slice(0, 4).map((value) => ({ value, label: t(`log.levels.${value}`) }))]}
          onChange={(event) => keep({ level: LEVELS.find((level) => level === event.currentTarget.value) } as AdminSearch)}
        />
        <TextInput size="sm" label={t("log.text")} value={text.typed} onChange={(event) => text.type(event.currentTarget.value)} />
        <Button variant="default" size="sm" leftSection={<IconRefresh size={14} />} onClick={() => void list.refetch()}>
          {t("log.refresh")}
        </Button>
      </div>
      {list.isPending && <SkeletonRows rows={10} />}
      {list.isError && !list.data && <Failure title={t("log.serverFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && lines.length === 0 && !list.hasNextPage && <Empty title={t("log.nothing")} />}
      {list.data && (lines.length > 0 || list.hasNextPage) && (
        <div className={classes.box} tabIndex={0} role="group" aria-label={t("log.server")}>
          <ul className={classes.lines}>
            {lines.map((line, index) => (
              <li key={`${index} ${line.at}`} className={classes.server} data-level={line.level ?? undefined} data-testid="server-line" translate="no">
                {line.at} {line.level?.toUpperCase()} {line.text}
              </li>
            ))}
          </ul>
          {list.hasNextPage && (
            <div className={classes.older}>
              <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t(lines.length > 0 ? "log.older" : "log.searching")}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}
