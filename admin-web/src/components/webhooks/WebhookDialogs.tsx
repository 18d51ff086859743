// What can be done to a webhook, each in a dialog.
import { useTranslation } from "react-i18next";
import type { Webhook, WebhookSecret } from "../../api/types";
import { removeWebhook, rotateSecret } from "../../api/webhooks";
import { ConfirmDelete } from "../ConfirmDelete";
import { Calls } from "./Calls";
import { SecretDialog } from "./SecretDialog";
import { WebhookForm } from "./WebhookForm";

export type Act = "create" | "change" | "calls" | "rotate" | "delete";

interface Props {
  /** The one that was chosen last; it stays while a dialog closes. */
  webhook: Webhook | null;
  act: Act | null;
  onClose: () => void;
  secret: WebhookSecret | null;
  onSecret: (secret: WebhookSecret | null) => void;
}

export function WebhookDialogs({ webhook, act, onClose, secret, onSecret }: Props) {
  const { t } = useTranslation();
  const name = webhook?.name ?? "";
  return (
    <>
      <WebhookForm opened={act === "create" || act === "change"} webhook={webhook} onClose={onClose} onSecret={onSecret} />
      <Calls name={name} opened={act === "calls"} onClose={onClose} />
      <ConfirmDelete
        opened={act === "rotate"}
        onClose={onClose}
        title={t("webhooks.rotate.title", { name })}
        lead={t("webhooks.rotate.lead")}
        verb={t("webhooks.rotate.verb")}
        failed={t("webhooks.notRotated")}
        done=""
        remove={async () => onSecret(await rotateSecret(name))}
      />
      <ConfirmDelete
        opened={act === "delete"}
        onClose={onClose}
        title={t("webhooks.deleteTitle", { name })}
        lead={t("webhooks.deleteLead")}
        verb={t("webhooks.delete")}
        failed={t("webhooks.notDeleted")}
        done={t("webhooks.deleted", { name })}
        remove={() => removeWebhook(name)}
        // The row is gone, and with it the button that the focus would return to.
        onDone={() => document.getElementById("main")?.focus({ preventScroll: true })}
      />
      <SecretDialog secret={secret} onClose={() => onSecret(null)} />
    </>
  );
}
