// The signing secret, shown once: it closes only by its button.
import { Button, Modal } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookSecret } from "../../api/types";
import { CopyButton } from "../CopyButton";
import dialogs from "../Dialogs.module.css";

export function SecretDialog({ secret, onClose }: { secret: WebhookSecret | null; onClose: () => void }) {
  const { t } = useTranslation();
  // The name stays while the dialog closes; the secret does not.
  const [name, setName] = useState("");
  useEffect(() => setName((old) => secret?.name ?? old), [secret]);
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={t("webhooks.secret.title", { name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className={dialogs.form}>
        <p className={dialogs.lead}>{t("webhooks.secret.lead")}</p>
        <div className={dialogs.command}>
          <code translate="no" data-testid="secret">
            {secret?.secret}
          </code>
        </div>
        <div className={dialogs.buttons}>
          <CopyButton text={() => secret?.secret ?? ""} label={t("webhooks.secret.copy")} />
          <Button data-autofocus onClick={onClose}>
            {t("webhooks.secret.understood")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
