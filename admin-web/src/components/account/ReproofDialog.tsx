// Asks for a code or the password before an account is weakened: an open browser alone must not be enough.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Reproof } from "../../api/account";
import { fieldErrors } from "../../lib/fields";
import dialogs from "../Dialogs.module.css";
import { PasswordField } from "../PasswordField";
import { Failure } from "../States";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  verb: string;
  destroys?: boolean;
  act: (proof: Reproof) => Promise<void>;
}

export function ReproofDialog({ opened, onClose, title, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <Form onClose={onClose} {...rest} />
    </Modal>
  );
}

/** Six digits or four groups of four are a code; all else is a password. */
const CODE = /^\s*(\d{3}\s?\d{3}|([0-9a-z]{4}[-\s]?){3}[0-9a-z]{4})\s*$/i;

function Form({ onClose, verb, destroys, act }: Omit<Props, "opened" | "title">) {
  const { t } = useTranslation();
  const [proof, setProof] = useState("");
  const run = useMutation({ mutationFn: () => act(CODE.test(proof) ? { code: proof } : { password: proof }), onSuccess: onClose });
  const wrong = fieldErrors(run.error).length > 0;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!run.isPending && proof !== "") run.mutate();
  }
  return (
    <form className={dialogs.form} onSubmit={submit} noValidate>
      <p className={dialogs.lead}>{t("account.proofLead")}</p>
      <PasswordField
        id="reproof"
        data-autofocus
        label={t("account.proof")}
        error={wrong && t("account.proofWrong")}
        autoComplete="off"
        value={proof}
        onChange={(event) => setProof(event.currentTarget.value)}
      />
      {run.isError && !wrong && <Failure title={t("account.failed")} error={run.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" {...(destroys && { color: "red" })} loading={run.isPending} disabled={proof === ""} data-testid="reproof">
          {verb}
        </Button>
      </div>
    </form>
  );
}
