// What is planned: the next one first, to be changed or called off by whoever may send.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelScheduled, scheduledQuery } from "../api/life";
import type { Scheduled as Planned } from "../api/types";
import { ConfirmDelete } from "../components/ConfirmDelete";
import { IconClock } from "../components/icons";
import { EditPlanned } from "../components/life/EditPlanned";
import classes from "../components/life/Life.module.css";
import { PlannedRow } from "../components/life/PlannedRow";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";

type Asked = { what: "edit" | "cancel"; planned: Planned } | null;

export function Scheduled() {
  const { t, i18n } = useTranslation();
  useTitle(t("nav.scheduled"));
  const may = maySend(useStore(session)?.role);
  const list = useInfiniteQuery(scheduledQuery);
  const [asked, setAsked] = useState<Asked>(null);
  const close = useCallback(() => setAsked(null), []);
  const planned = list.data?.pages.flatMap((page) => page.scheduled) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <>
      <PageHead title={t("nav.scheduled")} lead={t("scheduled.lead")} />
      <Section title={t("scheduled.title")} aside={total !== undefined && <span className="figures">{new Intl.NumberFormat(i18n.language).format(total)}</span>}>
        {list.isPending && <SkeletonRows rows={5} height={64} />}
        {list.isError && !list.data && <Failure title={t("scheduled.failed")} error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && planned.length === 0 && <Nothing may={may} />}
        {planned.length > 0 && (
          <ul className={classes.planned}>
            {planned.map((one) => (
              <PlannedRow
                key={one.id}
                planned={one}
                onEdit={may ? () => setAsked({ what: "edit", planned: one }) : null}
                onCancel={() => setAsked({ what: "cancel", planned: one })}
              />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <div className={classes.more}>
            <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("scheduled.more")}
            </Button>
          </div>
        )}
      </Section>
      <EditPlanned planned={asked?.what === "edit" ? asked.planned : null} onClose={close} />
      <ConfirmDelete
        opened={asked?.what === "cancel"}
        onClose={close}
        title={t("scheduled.cancelTitle")}
        lead={t(asked?.planned.repeat ? "scheduled.cancelAll" : "scheduled.cancelLead")}
        verb={t("scheduled.cancelVerb")}
        failed={t("scheduled.cancelFailed")}
        done={t("scheduled.cancelled")}
        remove={() => (asked ? cancelScheduled(asked.planned.id) : Promise.resolve())}
      />
    </>
  );
}

function Nothing({ may }: { may: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const action = may && (
    <Button variant="default" size="sm" onClick={() => void navigate({ to: "/" })}>
      {t("scheduled.compose")}
    </Button>
  );
  return (
    <Empty icon={<IconClock size={20} />} title={t("scheduled.empty")} action={action}>
      {t("scheduled.emptyHint")}
    </Empty>
  );
}
