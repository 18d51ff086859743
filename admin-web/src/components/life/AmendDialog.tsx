// Corrects an alert that stands: the words as they are, to be changed; a new alert takes the place of the old one.
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { amendAlert } from "../../api/life";
import { useLimits } from "../../api/limits";
import type { AlertDetail } from "../../api/types";
import { announce } from "../../lib/announce";
import { length, TEXT_CHARS, TITLE_CHARS } from "../../lib/draft";
import dialogs from "../Dialogs.module.css";
import { SeverityPicker } from "../Severity";
import { Failure } from "../States";

interface Props {
  alert: AlertDetail;
  opened: boolean;
  onClose: () => void;
}

export function AmendDialog({ alert, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("life.amendTitle")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <Form alert={alert} onClose={onClose} />
    </Modal>
  );
}

function Form({ alert, onClose }: { alert: AlertDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { severities } = useLimits();
  const [title, setTitle] = useState(alert.title);
  const [text, setText] = useState(alert.text);
  const [severity, setSeverity] = useState(alert.severity);
  const [reason, setReason] = useState("");
  const same = title.trim() === alert.title && text.trim() === alert.text && severity === alert.severity;
  const flawed = text.trim() === "" || length(text) > TEXT_CHARS || length(title) > TITLE_CHARS;
  const amend = useMutation({
    mutationFn: () => amendAlert(alert.id, { title: title.trim(), text: text.trim(), severity, ...(reason.trim() && { reason: reason.trim() }) }),
    onSuccess: ({ id }) => {
      announce(t("life.amended"));
      onClose();
      void navigate({ to: "/alerts/$id", params: { id } });
    },
  });
  return (
    <form className={dialogs.form} onSubmit={(event) => { event.preventDefault(); if (!same && !flawed && !amend.isPending) amend.mutate(); }} noValidate>
      <p className={dialogs.lead}>{t("life.amendLead", { count: alert.counts.recipients })}</p>
      <SeverityPicker offered={severities} value={severity} onChange={setSeverity} />
      <TextInput label={t("compose.heading")} value={title} autoComplete="off"
        error={length(title) > TITLE_CHARS && t("compose.flaw.title_long")} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Textarea id="amend-text" data-autofocus label={t("compose.text")} autosize minRows={4} maxRows={12} value={text}
        error={text.trim() === "" ? t("compose.flaw.no_text") : length(text) > TEXT_CHARS && t("compose.flaw.text_long")}
        onChange={(event) => setText(event.currentTarget.value)} />
      <TextInput label={t("withdraw.reason")} description={t("life.amendReason")} value={reason} maxLength={200} autoComplete="off"
        onChange={(event) => setReason(event.currentTarget.value)} />
      {amend.isError && <Failure title={t("life.notAmended")} error={amend.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" color={severity === "critical" ? "red" : "petrol"} loading={amend.isPending} disabled={same || flawed} data-testid="confirm-amend">
          {t("life.amendConfirm")}
        </Button>
      </div>
    </form>
  );
}
