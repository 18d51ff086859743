// What rules did lately: an incident a row, with what was done about it and what is still to come.
import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { activityQuery, rulesQuery } from "../../api/rules";
import type { EscalationStep, Incident } from "../../api/types";
import { IconHistory } from "../icons";
import { Section } from "../Section";
import { SeverityBadge } from "../Severity";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Rules.module.css";

export function Activity({ rule }: { rule: string | undefined }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(activityQuery(rule));
  const name = useQuery(rulesQuery).data?.rules.find(({ id }) => id === rule)?.name ?? rule;
  const incidents = list.data?.pages.flatMap((page) => page.incidents) ?? [];
  const aside = rule && (
    <>
      <span translate="no">{name}</span>
      <Link to="/rules" search={{ tab: "activity" }}>
        {t("rules.activity.all")}
      </Link>
    </>
  );
  return (
    <Section title={t("rules.activity.title")} aside={aside}>
      {list.isPending && <SkeletonRows rows={6} height={64} />}
      {list.isError && !list.data && <Failure title={t("rules.activity.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && incidents.length === 0 && (
        <Empty icon={<IconHistory size={20} />} title={t("rules.activity.empty")}>
          {t("rules.activity.emptyHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {incidents.map((incident) => (
          <Row key={incident.id} incident={incident} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div className={classes.foot}>
          <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("rules.activity.more")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Row({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  return (
    <li className={classes.row} data-testid="incident">
      <div className={classes.words}>
        <p className={classes.name}>
          <SeverityBadge severity={incident.severity} />
          <span translate="no">{incident.source}</span>
          <span className={`${classes.hint} figures`}>
            <When at={incident.last_at} relative />
          </span>
        </p>
        <p className={classes.line} translate="no">
          {incident.text}
        </p>
        <p className={`${classes.soft} figures`}>
          <span translate="no">{incident.rule_name}</span> ·{" "}
          {incident.about ? (
            <Link to="/alerts/$id" params={{ id: incident.about }}>
              {t("rules.activity.about")}
            </Link>
          ) : (
            t("rules.activity.events", { count: incident.count })
          )}
          {incident.alerts.map((id) => (
            <span key={id}>
              {" · "}
              <Link to="/alerts/$id" params={{ id }}>
                {t(incident.about ? "rules.activity.copy" : "rules.activity.alert")}
              </Link>
            </span>
          ))}
        </p>
        <div className={classes.marks}>
          {incident.steps.map((step) => (
            <StepMark key={`${step.kind} ${step.number}`} step={step} />
          ))}
          {incident.resolved_at && (
            <span className={classes.mark} data-on>
              {t("rules.activity.resolved")} <When at={incident.resolved_at} />
            </span>
          )}
        </div>
      </div>
    </li>
  );
}

function StepMark({ step }: { step: EscalationStep }) {
  const { t } = useTranslation();
  return (
    <span className={`${classes.mark} figures`} data-on={step.outcome === "done" || undefined} data-warn={step.outcome === "waiting" || undefined}>
      {t(`rules.activity.kind.${step.kind}`, { number: step.number })}: {t(`rules.activity.outcome.${step.outcome}`)}{" "}
      <When at={step.done_at ?? step.due_at} />
    </span>
  );
}
