// A webhook as a row: where it is, what it hears of, how the last call ended, and a test whose answer stands beneath.
import { ActionIcon, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Webhook } from "../../api/types";
import { testWebhook } from "../../api/webhooks";
import { announce } from "../../lib/announce";
import { IconHistory, IconKey, IconPencil, IconSend, IconTrash } from "../icons";
import { Failure } from "../States";
import { CallStatus } from "./CallStatus";
import type { Act } from "./WebhookDialogs";
import { When } from "../When";
import classes from "./Webhooks.module.css";

interface Props {
  webhook: Webhook;
  onAct: (act: Act) => void;
}

export function WebhookRow({ webhook, onAct }: Props) {
  const { t } = useTranslation();
  const { name, url, last } = webhook;
  const test = useMutation({
    mutationFn: () => testWebhook(name),
    onSuccess: ({ status, detail }) => announce(t(status === "sent" ? "webhooks.tested.sent" : "webhooks.tested.failed", { detail })),
    onError: () => announce(t("webhooks.notTested", { name }), "assertive"),
  });
  return (
    <li className={classes.row} data-testid="webhook">
      <div className={classes.words}>
        <p className={classes.name}>
          <span translate="no">{name}</span>
          {webhook.allow_private && <span className={classes.mark}>{t("webhooks.inner")}</span>}
        </p>
        <p className={classes.url} translate="no">
          {url}
        </p>
        <p className={classes.soft}>
          {webhook.from_severity ? t("webhooks.fromLine", { severity: t(`severity.${webhook.from_severity}`) }) : t("webhooks.fromNone")}
        </p>
        {last ? (
          <p className={classes.soft}>
            {t("webhooks.calls")}: <When at={last.created_at} /> <CallStatus status={last.status} /> <span translate="no">{last.detail}</span>
          </p>
        ) : (
          <p className={classes.soft}>{t("webhooks.never")}</p>
        )}
        {test.data && (
          <p className={classes.answer} data-failed={test.data.status !== "sent" || undefined} data-testid="answer">
            {t(test.data.status === "sent" ? "webhooks.tested.sent" : "webhooks.tested.failed", { detail: test.data.detail })}
          </p>
        )}
        {test.isError && <Failure title={t("webhooks.notTested", { name })} error={test.error} />}
      </div>
      <div className={classes.tools}>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconSend size={16} />}
          loading={test.isPending}
          aria-label={t("webhooks.testNamed", { name })}
          onClick={() => test.mutate()}
        >
          {t("webhooks.test")}
        </Button>
        <Tool label={t("webhooks.attempts.openNamed", { name })} icon={IconHistory} onClick={() => onAct("calls")} />
        <Tool label={t("webhooks.editNamed", { name })} icon={IconPencil} onClick={() => onAct("change")} />
        <Tool label={t("webhooks.rotate.named", { name })} icon={IconKey} onClick={() => onAct("rotate")} />
        <Tool label={t("webhooks.deleteNamed", { name })} icon={IconTrash} onClick={() => onAct("delete")} />
      </div>
    </li>
  );
}

function Tool({ label, icon: Icon, onClick }: { label: string; icon: typeof IconKey; onClick: () => void }) {
  return (
    <ActionIcon size={36} color="gray" aria-label={label} title={label} onClick={onClick}>
      <Icon size={18} />
    </ActionIcon>
  );
}
