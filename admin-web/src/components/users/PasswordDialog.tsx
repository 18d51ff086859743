// Gives an account another password. Whoever is logged in with it is logged out at once, and the dialog says so.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changeUser } from "../../api/users";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { passwordFlaws } from "../../lib/password";
import { toast } from "../../lib/toast";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";
import { focusFlaw, PasswordFields } from "./PasswordFields";

interface Props {
  username: string;
  opened: boolean;
  onClose: () => void;
}

export function PasswordDialog({ username, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("users.passwordTitle", { name: username })}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <PasswordForm username={username} onClose={onClose} />
    </Modal>
  );
}

function PasswordForm({ username, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [passwords, setPasswords] = useState({ password: "", again: "" });
  const [tried, setTried] = useState(false);
  const flaws = passwordFlaws(passwords.password, passwords.again, username);
  const change = useMutation({
    mutationFn: (password: string) => changeUser(username, { password }),
    onSuccess: () => {
      const done = t("users.passwordChanged", { name: username });
      announce(done);
      toast({ message: done });
      onClose();
    },
    onError: () => announce(t("users.notChanged"), "assertive"),
  });
  const refused = fieldErrors(change.error).find(({ field }) => field === "password")?.reason;

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (flaws.length > 0) focusFlaw(flaws);
    else if (!change.isPending) change.mutate(passwords.password);
  }

  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={change.isPending}>
      <p className={dialogs.lead}>{t("users.endsSessions", { name: username })}</p>
      <PasswordFields autoFocus value={passwords} onChange={setPasswords} flaws={flaws} tried={tried} refused={refused} />
      {change.isError && !refused && <Failure title={t("users.notChanged")} error={change.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={change.isPending} data-testid="change-password">
          {t("users.password")}
        </Button>
      </div>
    </form>
  );
}
