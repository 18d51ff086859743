// Makes or changes a webhook: name, address, what it hears of by itself.
import { Button, Checkbox, Modal, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Severity, Webhook, WebhookSecret } from "../../api/types";
import { changeWebhook, createWebhook, type Target } from "../../api/webhooks";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { tidy } from "../../lib/group";
import { asSeverity, SEVERITIES } from "../../lib/severity";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  /** `null` for a new one. */
  webhook: Webhook | null;
  opened: boolean;
  onClose: () => void;
  onSecret: (secret: WebhookSecret) => void;
}

export function WebhookForm({ webhook, opened, onClose, onSecret }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={webhook ? t("webhooks.changeTitle", { name: webhook.name }) : t("webhooks.newTitle")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Form webhook={webhook} onClose={onClose} onSecret={onSecret} />
    </Modal>
  );
}

function Form({ webhook, onClose, onSecret }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [name, setName] = useState(webhook?.name ?? "");
  const [url, setUrl] = useState(webhook?.url ?? "https://");
  const [allowPrivate, setAllowPrivate] = useState(webhook?.allow_private ?? false);
  const [from, setFrom] = useState<Severity | null>(webhook?.from_severity ?? null);
  const save = useMutation({
    mutationFn: async (target: Target) => {
      if (webhook) return changeWebhook(webhook.name, target);
      onSecret(await createWebhook(tidy(name), target));
    },
    onSuccess: () => {
      announce(t(webhook ? "webhooks.changed" : "webhooks.created", { name: tidy(name) }));
      onClose();
    },
    onError: () => announce(t("webhooks.notChanged"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === field)?.reason ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate({ url: url.trim(), allow_private: allowPrivate, from_severity: from });
  }

  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      {!webhook && (
        <TextInput
          data-autofocus
          label={t("webhooks.name")}
          description={t("webhooks.nameHint")}
          value={name}
          maxLength={64}
          autoComplete="off"
          error={fault("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <TextInput
        data-autofocus={webhook ? true : undefined}
        type="url"
        label={t("webhooks.url")}
        description={t("webhooks.urlHint")}
        value={url}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        error={fault("url")}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Select
        label={t("webhooks.from")}
        allowDeselect={false}
        value={from ?? "none"}
        data={[{ value: "none", label: t("webhooks.fromNone") }, ...SEVERITIES.map((one) => ({ value: one as string, label: t(`severity.${one}`) }))]}
        onChange={(value) => setFrom(value === null || value === "none" ? null : asSeverity(value))}
      />
      <Checkbox
        label={t("webhooks.allowPrivate")}
        description={t("webhooks.allowPrivateHint")}
        checked={allowPrivate}
        onChange={(event) => setAllowPrivate(event.currentTarget.checked)}
      />
      {save.isError && faults.length === 0 && <Failure title={t("webhooks.notChanged")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-webhook">
          {t(webhook ? "webhooks.change" : "webhooks.create")}
        </Button>
      </div>
    </form>
  );
}
