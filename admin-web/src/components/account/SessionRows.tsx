// Log-ins that are open now: where, since when, and a way to end each.
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endSession, sessionsQuery, type OpenSession, type Whose } from "../../api/account";
import { announce } from "../../lib/announce";
import { browserOf } from "../../lib/browser";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Account.module.css";

export function SessionRows({ whose }: { whose: Whose }) {
  const { t } = useTranslation();
  const list = useQuery(sessionsQuery(whose));
  const own = "own" in whose;
  if (list.isPending) return <SkeletonRows rows={3} height={56} />;
  if (!list.data) return <Failure title={t("account.sessionsFailed")} error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.length === 0) return <Empty title={t("account.noSessions")} />;
  return (
    <ul>
      {list.data.map((row) => (
        <Row key={row.id} row={row} own={own} />
      ))}
    </ul>
  );
}

function Row({ row, own }: { row: OpenSession; own: boolean }) {
  const { t } = useTranslation();
  const end = useMutation({ mutationFn: () => endSession(row.id, own), onSuccess: () => announce(t("account.ended")) });
  return (
    <li className={classes.session} data-testid="session" data-current={row.current || undefined}>
      <span className={classes.where} title={row.user_agent}>
        {!own && <strong translate="no">{row.username} · </strong>}
        <span className="figures">{row.address}</span> · {browserOf(row.user_agent) || t("account.browser")}{" "}
        {row.current && <span className={classes.here}>({t("account.thisOne")})</span>}
      </span>
      <span className={classes.detail}>
        {t("account.since")} <When at={row.started_at} /> · {t("account.lastUsed")} <When at={row.last_used_at} relative />
        {end.isError && ` · ${t("account.failed")}`}
      </span>
      {!row.current && (
        <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate()}>
          {t("account.end")}
        </Button>
      )}
    </li>
  );
}
