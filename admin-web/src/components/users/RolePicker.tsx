// What somebody may do, with what it means.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { UserRole } from "../../api/types";
import classes from "./Users.module.css";

const ROLES = ["technician", "viewer"] as const satisfies readonly UserRole[];

export function RolePicker({ value, onChange, autoFocus = false }: { value: UserRole; onChange: (role: UserRole) => void; autoFocus?: boolean }) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={classes.roles}>
      <legend>{t("users.may")}</legend>
      {ROLES.map((role) => (
        <label key={role} className={classes.choice}>
          <input
            type="radio"
            name={name}
            value={role}
            checked={value === role}
            data-autofocus={(autoFocus && value === role) || undefined}
            onChange={() => onChange(role)}
          />
          <span>
            <strong>{t(`role.${role}`)}</strong>
            <span>{t(`users.means.${role}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
