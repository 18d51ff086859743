// When a client was connected, newest first, a page at a time.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionsQuery } from "../../api/clients";
import type { Connection } from "../../api/types";
import { ENDS } from "../../lib/clients";
import { span } from "../../lib/time";
import { Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Clients.module.css";

export function ConnectionHistory({ name }: { name: string }) {
  const { t, i18n } = useTranslation();
  const list = useInfiniteQuery(connectionsQuery(name));
  const connections = list.data?.pages.flatMap((page) => page.connections) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <section className={classes.part} data-testid="connections">
      <h3>
        {t("directory.history")}{" "}
        {total > 0 && (
          <span className="figures">
            {t("directory.shown", { shown: new Intl.NumberFormat(i18n.language).format(connections.length), all: new Intl.NumberFormat(i18n.language).format(total) })}
          </span>
        )}
      </h3>
      {list.isPending && <SkeletonRows rows={4} />}
      {list.isError && !list.data && <Failure title={t("directory.historyFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && connections.length === 0 && <p className={classes.soft}>{t("directory.noHistory")}</p>}
      <ul className={classes.connections}>
        {connections.map((connection) => (
          <ConnectionLine key={connection.connected_at} connection={connection} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("directory.older")}
        </Button>
      )}
    </section>
  );
}

function ConnectionLine({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const { connected_at: from, disconnected_at: to, reason, address, version } = connection;
  const known = ENDS.find((word) => word === reason);
  const ended = known ? t(`directory.ended.${known}`) : reason;
  return (
    <li className={classes.connection} data-open={!to || undefined}>
      <span className={classes.dot} aria-hidden />
      <span>
        <When at={from} />
        <span className={classes.soft}> · {to ? span(Date.parse(to) - Date.parse(from)) : t("clients.isOnline")}</span>
      </span>
      <span className={classes.soft}>{[address, version, to && ended].filter(Boolean).join(" · ")}</span>
    </li>
  );
}
