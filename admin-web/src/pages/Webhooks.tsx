// Programs that are told: for the administrator alone. Anybody else is told why there is nothing here.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Webhook, WebhookSecret } from "../api/types";
import { webhooksQuery } from "../api/webhooks";
import { IconLock, IconPlus, IconWebhook } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { WebhookDialogs, type Act } from "../components/webhooks/WebhookDialogs";
import { WebhookRow } from "../components/webhooks/WebhookRow";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/webhooks/Webhooks.module.css";

export function Webhooks() {
  const { t } = useTranslation();
  useTitle(t("nav.webhooks"));
  const isAdmin = useStore(session)?.role === "admin";
  return (
    <>
      <PageHead title={t("nav.webhooks")} lead={t("webhooks.lead")} />
      {isAdmin ? (
        <List />
      ) : (
        <Section title={t("webhooks.title")}>
          <Empty icon={<IconLock size={20} />} title={t("webhooks.forbidden")}>
            {t("webhooks.forbiddenHint")}
          </Empty>
        </Section>
      )}
    </>
  );
}

function List() {
  const { t } = useTranslation();
  const list = useQuery(webhooksQuery);
  const [chosen, setChosen] = useState<Webhook | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const [secret, setSecret] = useState<WebhookSecret | null>(null);
  const begin = (what: Act, webhook: Webhook | null = null) => {
    setChosen(webhook);
    setAct(what);
  };
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => begin("create")} data-testid="new-webhook">
      {t("webhooks.add")}
    </Button>
  );
  const none = list.data?.length === 0;
  return (
    <>
      <Section title={t("webhooks.title")} aside={!none && add}>
        {list.isPending && <SkeletonRows rows={3} height={72} />}
        {list.isError && !list.data && <Failure title={t("webhooks.failed")} error={list.error} onRetry={() => void list.refetch()} />}
        {none && (
          <Empty icon={<IconWebhook size={20} />} title={t("webhooks.empty")} action={add}>
            {t("webhooks.emptyHint")}
          </Empty>
        )}
        <ul className={classes.list}>
          {(list.data ?? []).map((webhook) => (
            <WebhookRow key={webhook.name} webhook={webhook} onAct={(what) => begin(what, webhook)} />
          ))}
        </ul>
      </Section>
      <WebhookDialogs webhook={chosen} act={act} onClose={() => setAct(null)} secret={secret} onSecret={setSecret} />
    </>
  );
}
