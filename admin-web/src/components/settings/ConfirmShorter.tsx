// The second look before old things are deleted for ever.
import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Retention } from "../../api/types";
import type { Kind } from "../../lib/retention";
import dialogs from "../Dialogs.module.css";
import classes from "./Settings.module.css";

interface Props {
  opened: boolean;
  kinds: readonly Kind[];
  wanted: Retention;
  error: string | null;
  pending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmShorter({ opened, kinds, wanted, error, pending, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("settings.confirmTitle")} closeButtonProps={{ "aria-label": t("close") }}>
      <div className={dialogs.form}>
        <p>{t("settings.confirmLead")}</p>
        <ul className={classes.list}>
          {kinds.map((kind) => (
            <li key={kind}>{t("settings.daysOf", { what: t(`settings.kept.${kind}`), count: wanted[kind] ?? 0 })}</li>
          ))}
        </ul>
        <p className={dialogs.lead}>{t("settings.confirmNote")}</p>
        {error && (
          <p className={classes.error} role="alert">
            {error}
          </p>
        )}
        <div className={dialogs.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={pending} onClick={onConfirm} data-testid="confirm-settings">
            {t("settings.confirm")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
