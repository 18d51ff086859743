// One's own password. That of admin is changed where the hub runs, and the section says how.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changeOwnPassword } from "../../api/account";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { passwordFlaws } from "../../lib/password";
import { toast } from "../../lib/toast";
import { PasswordField } from "../PasswordField";
import { Section } from "../Section";
import { Failure } from "../States";
import { focusFlaw, PasswordFields } from "../users/PasswordFields";
import classes from "./Account.module.css";

const EMPTY = { password: "", again: "" };

export function PasswordSection({ username, isAdmin }: { username: string; isAdmin: boolean }) {
  const { t } = useTranslation();
  return (
    <Section title={t("account.password")}>
      {isAdmin ? (
        <div className={classes.body}>
          <p>{t("account.adminPassword")}</p>
          <code className={classes.mono}>pregon-hub user passwd admin</code>
        </div>
      ) : (
        <Form username={username} />
      )}
    </Section>
  );
}

function Form({ username }: { username: string }) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [passwords, setPasswords] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const flaws = passwordFlaws(passwords.password, passwords.again, username);
  const change = useMutation({
    mutationFn: changeOwnPassword,
    onSuccess: () => {
      announce(t("account.passwordChanged"));
      toast({ message: t("account.passwordChanged") });
      setCurrent("");
      setPasswords(EMPTY);
      setTried(false);
    },
    onError: () => announce(t("account.failed"), "assertive"),
  });
  const refused = new Map(fieldErrors(change.error).map(({ field, reason }) => [field, reason]));
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (current === "") document.getElementById("current-password")?.focus();
    else if (flaws.length > 0) focusFlaw(flaws);
    else if (!change.isPending) change.mutate({ current, password: passwords.password });
  }
  return (
    <form className={classes.body} onSubmit={submit} noValidate>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <PasswordField
        id="current-password"
        label={t("account.current")}
        error={(tried && current === "" && t("login.missing")) || (refused.has("current") && t("account.currentWrong"))}
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordFields value={passwords} onChange={setPasswords} flaws={flaws} tried={tried} refused={refused.get("password")} />
      {change.isError && refused.size === 0 && <Failure title={t("account.failed")} error={change.error} />}
      <div className={classes.row}>
        <Button type="submit" loading={change.isPending} data-testid="change-own-password">
          {t("account.passwordChange")}
        </Button>
      </div>
    </form>
  );
}
