// The calls of a webhook, newest first: when, how it ended, what the program answered.
import { Button, Modal } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { webhookCallsQuery } from "../../api/webhooks";
import { IconHistory } from "../icons";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { CallStatus } from "./CallStatus";
import classes from "./Webhooks.module.css";

export function Calls({ name, opened, onClose }: { name: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal size="lg" opened={opened} onClose={onClose} title={t("webhooks.attempts.title", { name })} closeButtonProps={{ "aria-label": t("close") }}>
      <List name={name} />
    </Modal>
  );
}

function List({ name }: { name: string }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(webhookCallsQuery(name));
  const calls = list.data?.pages.flatMap((page) => page.attempts) ?? [];
  return (
    <>
      {list.isPending && <SkeletonRows rows={4} height={48} />}
      {list.isError && !list.data && <Failure title={t("webhooks.attempts.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && calls.length === 0 && (
        <Empty icon={<IconHistory size={20} />} title={t("webhooks.attempts.empty")}>
          {t("webhooks.attempts.emptyHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {calls.map((call) => (
          <li key={call.id} className={classes.call} data-testid="call">
            <When at={call.created_at} />
            <CallStatus status={call.status} />
            <span className={classes.detail}>
              <span translate="no">{call.detail}</span>
              {call.event_id && <span className={classes.soft}> · {t("webhooks.attempts.event", { id: call.event_id })}</span>}
            </span>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("webhooks.attempts.more")}
        </Button>
      )}
    </>
  );
}
