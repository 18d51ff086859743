// The action log: newest on top. What is new waits behind a button and never pushes what somebody reads; a red line stays
// where the reader stopped the last time.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsQuery, markRead, type Action } from "../../api/logs";
import { lineBefore, type LogFilter } from "../../lib/log";
import { IconRefresh } from "../icons";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { useFresh } from "./fresh";
import classes from "./Log.module.css";

export function ActionLog({ filter }: { filter: LogFilter }) {
  const { t, i18n } = useTranslation();
  const list = useInfiniteQuery(actionsQuery(filter));
  const pages = list.data?.pages;
  const first = pages?.[0];
  const box = useRef<HTMLDivElement>(null);
  const { added, held, isMore, left, look, show } = useFresh(filter, first);
  const actions = [...added, ...(pages?.flatMap((page) => page.actions) ?? [])];
  const line = useLine(actions, first?.read_seq);
  const isFiltered = Object.keys(filter).length > 0;
  const reveal = () => {
    show();
    box.current?.scrollTo({ top: 0 });
  };
  return (
    <>
      <div className={classes.bar}>
        <Button variant="default" size="xs" leftSection={<IconRefresh size={14} />} onClick={() => void look()} data-testid="log-refresh">
          {t("log.refresh")}
        </Button>
        <span className="figures" data-testid="log-countdown">
          {t("log.countdown", { time: left })}
        </span>
        <span className="figures">
          {first && t("log.total", { count: first.total + added.length, formatted: new Intl.NumberFormat(i18n.language).format(first.total) })}
        </span>
      </div>
      {list.isPending && <SkeletonRows rows={10} />}
      {list.isError && !list.data && <Failure title={t("log.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && actions.length === 0 && <Empty title={t(isFiltered ? "log.emptyFilter" : "log.empty")} />}
      {actions.length > 0 && (
        <div ref={box} className={classes.box} tabIndex={0} role="group" aria-label={t("log.actions")}>
          {held > 0 && (
            <Button className={classes.fresh} size="xs" radius="xl" onClick={reveal} data-testid="log-fresh">
              {t(isMore ? "log.freshMany" : "log.fresh", { count: held })}
            </Button>
          )}
          <ul>
            {actions.map((action) => (
              <Fragment key={action.seq}>
                {action.seq === line && (
                  <li className={classes.line} data-testid="log-line">
                    {t("log.readLine")}
                  </li>
                )}
                <Entry action={action} />
              </Fragment>
            ))}
          </ul>
          {list.hasNextPage && (
            <div className={classes.older}>
              <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()} data-testid="log-older">
                {t("log.older")}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}

/** Where the reader stopped before this visit. What is shown now counts as read the next time. */
function useLine(actions: readonly Action[], readSeq: number | undefined): number | undefined {
  const [stopped, setStopped] = useState<number>();
  if (stopped === undefined && readSeq !== undefined) setStopped(readSeq);
  const newest = actions[0]?.seq ?? 0;
  useEffect(() => {
    // Not kept is no harm: the line stands a little lower the next time.
    if (readSeq !== undefined && newest > readSeq) markRead(newest).catch(() => undefined);
  }, [newest, readSeq]);
  return stopped === undefined ? undefined : lineBefore(actions, stopped);
}

/** The kind is said in the reader's language; the words are those of the log's file. */
function Entry({ action }: { action: Action }) {
  const { t, i18n } = useTranslation();
  const key = `actions.${action.action}`;
  return (
    <li className={classes.entry} data-testid="log-entry">
      <span className={classes.at}>
        <When at={action.at} />
      </span>
      <span className={classes.who} translate="no" title={action.user}>
        {action.user}
      </span>
      <span className={classes.what} title={action.action}>
        {i18n.exists(key) && <span className={classes.kind}>{t(key as "actions.session.login")}</span>}
        <span translate="no">{action.detail}</span>
      </span>
    </li>
  );
}
