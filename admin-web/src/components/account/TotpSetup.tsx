// Sets up a second factor: the picture for the app, its first code, then the recovery codes.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { beginTotp, confirmTotp, totpChanged, type TotpEnrolment } from "../../api/account";
import { fieldErrors } from "../../lib/fields";
import { Failure } from "../States";
import { RecoveryCodes } from "./RecoveryCodes";
import classes from "./Account.module.css";

export function TotpSetup() {
  const { t } = useTranslation();
  const begin = useMutation({ mutationFn: beginTotp });
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onSaved={() => void totpChanged()} />;
  if (begin.data) return <Confirm enrolment={begin.data} onConfirmed={setCodes} />;
  return (
    <>
      <p className={classes.soft}>{t("account.offLead")}</p>
      {begin.isError && <Failure title={t("account.failed")} error={begin.error} />}
      <div className={classes.row}>
        <Button loading={begin.isPending} onClick={() => begin.mutate()} data-testid="totp-begin">
          {t("account.setUp")}
        </Button>
      </div>
    </>
  );
}

function Confirm({ enrolment, onConfirmed }: { enrolment: TotpEnrolment; onConfirmed: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const confirm = useMutation({ mutationFn: confirmTotp, onSuccess: onConfirmed });
  const wrong = fieldErrors(confirm.error).length > 0;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate(code);
  }
  return (
    <form className={classes.column} onSubmit={submit} noValidate>
      <div className={classes.qr}>
        <img src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`} alt={t("account.qrAlt")} />
        <div className={classes.key}>
          <p>{t("account.scan")}</p>
          <p className={classes.soft}>{t("account.secret")}</p>
          <p className={classes.mono} translate="no" data-testid="totp-secret">
            {enrolment.secret}
          </p>
        </div>
      </div>
      <TextInput
        id="totp-code"
        label={t("account.confirmLabel")}
        description={t("account.confirmLead")}
        error={wrong && t("account.notNow")}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        maxLength={12}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {confirm.isError && !wrong && <Failure title={t("account.failed")} error={confirm.error} />}
      <div className={classes.row}>
        <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ""} data-testid="totp-confirm">
          {t("account.confirm")}
        </Button>
      </div>
    </form>
  );
}
