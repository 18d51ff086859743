// What happened to events, newest first: put on screens, resolved, mailed.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { tracesQuery } from "../../api/events";
import type { Trace } from "../../api/types";
import { mailWords } from "../../lib/mail";
import { IconHistory } from "../icons";
import { Section } from "../Section";
import { SeverityBadge } from "../Severity";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { When } from "../When";
import classes from "./Dashboard.module.css";

export function AuditTab() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(tracesQuery);
  const traces = list.data?.pages.flatMap((page) => page.traces) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Section title={t("dashboard.audit")} className={classes.contained}>
      {list.isPending && <SkeletonRows rows={8} height={52} />}
      {list.isError && !list.data && <Failure title={t("dashboard.auditFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && traces.length === 0 && (
        <Empty icon={<IconHistory size={20} />} title={t("dashboard.noTrace")}>
          {t("dashboard.noTraceHint")}
        </Empty>
      )}
      {traces.length > 0 && (
        <VirtualRows
          label={t("dashboard.audit")}
          className={classes.list}
          items={traces}
          rowHeight={60}
          keyOf={(trace) => `${trace.at} ${trace.kind} ${trace.event_id ?? ""} ${trace.alert_id ?? ""} ${trace.detail}`}
          onEnd={more}
          render={(trace) => <Row trace={trace} />}
        />
      )}
    </Section>
  );
}

const STATUS = { raised: "raised", joined: "quiet", resolved: "sent", silenced: "quiet", mailed: "sent", failed: "failed", skipped: "skipped" } as const;

function Row({ trace }: { trace: Trace }) {
  const { t } = useTranslation();
  const detail = mailWords(trace.detail, t);
  return (
    <div className={classes.mail} data-testid="trace" data-kind={trace.kind}>
      <span className={classes.mailWhen}>
        <When at={trace.at} />
      </span>
      <span className={classes.status} data-status={STATUS[trace.kind]}>
        {t(`dashboard.trace.${trace.kind}`)}
      </span>
      <span className={classes.mailWords}>
        <span className={classes.mailSubject} title={trace.about}>
          {trace.severity && <SeverityBadge severity={trace.severity} />} {trace.about}
        </span>
        <span className={classes.mailDetail} title={detail}>
          {trace.event_id != null && <span className={classes.part}>{t("dashboard.event", { id: trace.event_id })}</span>}
          {trace.alert_id && (
            <Link className={classes.part} to="/alerts/$id" params={{ id: trace.alert_id }}>
              {t("dashboard.toAlert")}
            </Link>
          )}
          {detail && <span className={classes.part}>{detail}</span>}
        </span>
      </span>
    </div>
  );
}
