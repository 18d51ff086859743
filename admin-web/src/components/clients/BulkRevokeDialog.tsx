// Shuts many clients out: how many they are is typed, and the hub does nothing if there are more or fewer by then.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { actOn, type Chosen } from "../../api/clients";
import { announce } from "../../lib/announce";
import { isTaken } from "../../lib/fields";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  chosen: Chosen;
  count: number;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function BulkRevokeDialog({ opened, ...props }: Props) {
  const { t, i18n } = useTranslation();
  const { count, onClose } = props;
  const figure = new Intl.NumberFormat(i18n.language).format(count);
  return (
    <Modal opened={opened} onClose={onClose} title={t("directory.act.revokeTitle", { count, figure })} closeButtonProps={{ "aria-label": t("close") }}>
      <RevokeForm {...props} />
    </Modal>
  );
}

function RevokeForm({ chosen, count, onClose, onDone }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const matches = typed.trim() === String(count);
  const revocation = useMutation({
    mutationFn: () => actOn({ kind: "revoke" }, chosen, count),
    onSuccess: ({ changed }) => {
      announce(t("directory.act.revokeDone", { count: changed }));
      onClose();
      onDone();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (matches) revocation.mutate();
  }

  return (
    <form className={dialogs.form} onSubmit={submit}>
      <p>{t("directory.act.revokeLead")}</p>
      <TextInput
        data-autofocus
        label={t("directory.act.revokeType", { count })}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {revocation.isError && (isTaken(revocation.error) ? <p role="alert">{t("directory.act.stale")}</p> : <Failure title={t("directory.act.failed")} error={revocation.error} />)}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" color="red" disabled={!matches} loading={revocation.isPending} data-testid="confirm-bulk-revoke">
          {t("directory.act.revoke")}
        </Button>
      </div>
    </form>
  );
}
