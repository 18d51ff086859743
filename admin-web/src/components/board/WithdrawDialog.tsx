// Withdraws an alert: the verb on the button, the focus on Cancel, never shown as done before the hub says so.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { AlertDetail } from "../../api/types";
import { announce } from "../../lib/announce";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  alert: AlertDetail;
  opened: boolean;
  onClose: () => void;
}

export function WithdrawDialog({ alert, opened, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const withdraw = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/alerts/{id}/withdraw", {
          params: { path: { id: alert.id } },
          body: reason.trim() ? { reason: reason.trim() } : {},
        }),
      ),
    onSuccess: () => {
      announce(t("withdraw.done"));
      void queryClient.invalidateQueries({ queryKey: ["alert", alert.id] });
      void queryClient.invalidateQueries({ queryKey: ["alerts"] });
      onClose();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t("withdraw.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <div className={dialogs.form}>
        <p>{t("withdraw.lead", { count: alert.counts.recipients })}</p>
        <TextInput
          label={t("withdraw.reason")}
          description={t("optional")}
          value={reason}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {withdraw.isError && <Failure title={t("withdraw.failed")} error={withdraw.error} />}
        <div className={dialogs.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t("withdraw.confirm")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
