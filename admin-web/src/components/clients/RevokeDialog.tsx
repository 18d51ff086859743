// Shutting a client out cannot be undone, so its name is typed.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { revokeClient } from "../../api/clients";
import { announce } from "../../lib/announce";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  name: string;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function RevokeDialog({ name, opened, onClose, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("directory.revokeTitle", { name })} closeButtonProps={{ "aria-label": t("close") }}>
      <RevokeForm name={name} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}

function RevokeForm({ name, onClose, onDone }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const matches = typed.trim() === name;
  const revocation = useMutation({
    mutationFn: () => revokeClient(name),
    onSuccess: () => {
      announce(t("directory.revokeDone", { name }));
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
      <p>{t("directory.revokeLead")}</p>
      <TextInput
        data-autofocus
        label={t("directory.revokeType")}
        placeholder={name}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {revocation.isError && <Failure title={t("directory.revokeFailed")} error={revocation.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" color="red" disabled={!matches} loading={revocation.isPending} data-testid="confirm-revoke">
          {t("directory.revoke")}
        </Button>
      </div>
    </form>
  );
}
