// Makes an account: name, password, and what it may do.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createUser } from "../../api/users";
import type { UserRole } from "../../api/types";
import { announce } from "../../lib/announce";
import { fieldErrors, isTaken } from "../../lib/fields";
import { tidy } from "../../lib/group";
import { passwordFlaws } from "../../lib/password";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";
import { focusFlaw, PasswordFields } from "./PasswordFields";
import { RolePicker } from "./RolePicker";

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function UserDialog({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("users.newTitle")} closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close") }}>
      <UserForm onClose={onClose} />
    </Modal>
  );
}

function UserForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState("");
  const [passwords, setPasswords] = useState({ password: "", again: "" });
  const [role, setRole] = useState<UserRole>("technician");
  const [tried, setTried] = useState(false);
  const flaws = passwordFlaws(passwords.password, passwords.again, username);
  const create = useMutation({
    mutationFn: createUser,
    onSuccess: (_, { username: name }) => {
      announce(t("users.created", { name }));
      onClose();
    },
    onError: () => announce(t("users.notCreated"), "assertive"),
  });
  const refused = new Map(fieldErrors(create.error).map(({ field, reason }) => [field, reason]));
  const missing = tidy(username) === "";

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (missing) document.getElementById("new-username")?.focus();
    else if (flaws.length > 0) focusFlaw(flaws);
    else if (!create.isPending) create.mutate({ username: tidy(username), password: passwords.password, role });
  }

  const nameError = (tried && missing && t("users.flaw.missing")) || (isTaken(create.error) && t("users.flaw.taken")) || refused.get("username");
  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={create.isPending}>
      <TextInput
        id="new-username"
        data-autofocus
        label={t("users.username")}
        error={nameError}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={username}
        onChange={(event) => {
          setUsername(event.currentTarget.value);
          if (create.isError) create.reset();
        }}
      />
      <PasswordFields value={passwords} onChange={setPasswords} flaws={flaws} tried={tried} refused={refused.get("password")} />
      <RolePicker value={role} onChange={setRole} />
      {create.isError && !isTaken(create.error) && refused.size === 0 && <Failure title={t("users.notCreated")} error={create.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={create.isPending} data-testid="create-user">
          {t("users.create")}
        </Button>
      </div>
    </form>
  );
}
