// A new password, typed twice; the rules stand below and say which of them are kept.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { PASSWORD_CHARS, type PasswordFlaw } from "../../lib/password";
import { IconCheck, IconInfoCircle } from "../icons";
import { PasswordField } from "../PasswordField";
import classes from "./Users.module.css";

export interface Passwords {
  password: string;
  again: string;
}

interface Props {
  value: Passwords;
  onChange: (value: Passwords) => void;
  flaws: readonly PasswordFlaw[];
  /** Somebody has tried to save: now the flaws are errors. */
  tried: boolean;
  /** What the hub said of the password. */
  refused: string | undefined;
  autoFocus?: boolean;
}

export function PasswordFields({ value, onChange, flaws, tried, refused, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const rules = useId();
  const own = flaws.find((flaw) => flaw !== "differs");
  const length = !flaws.includes("short") && !flaws.includes("long");
  return (
    <>
      <PasswordField
        id="new-password"
        label={t("users.newPassword")}
        error={(tried && own && t(`users.flaw.${own}`, PASSWORD_CHARS)) || (refused?.includes("common") ? t("users.flaw.common") : refused)}
        autoComplete="new-password"
        data-autofocus={autoFocus || undefined}
        aria-describedby={rules}
        value={value.password}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
      <ul id={rules} className={classes.rules}>
        <Rule kept={length}>{t("users.ruleLength", PASSWORD_CHARS)}</Rule>
        <Rule kept={value.password !== "" && !flaws.includes("name")}>{t("users.ruleName")}</Rule>
        <Rule kept={value.password !== "" && length && !flaws.includes("common") && !refused}>{t("users.ruleCommon")}</Rule>
      </ul>
      <PasswordField
        id="new-password-again"
        label={t("users.again")}
        error={tried && flaws.includes("differs") && t("users.flaw.differs")}
        autoComplete="new-password"
        value={value.again}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
      />
    </>
  );
}

function Rule({ kept, children }: { kept: boolean; children: string }) {
  return (
    <li className={classes.rule} data-kept={kept || undefined}>
      {kept ? <IconCheck size={16} /> : <IconInfoCircle size={16} />}
      {children}
    </li>
  );
}

/** Puts the focus where the first flaw is mended. */
export function focusFlaw(flaws: readonly PasswordFlaw[]): void {
  document.getElementById(flaws[0] === "differs" ? "new-password-again" : "new-password")?.focus();
}
