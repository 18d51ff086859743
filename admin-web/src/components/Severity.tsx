// Severity as icon, word and colour: the same everywhere. `SeverityPicker` is the choice in the form.
import { useId, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../api/types";
import { asSeverity, SEVERITIES } from "../lib/severity";
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle, IconUrgent } from "./icons";
import classes from "./Severity.module.css";

const ICONS: Record<Severity, ComponentType<{ size?: number; stroke?: number }>> = {
  info: IconInfoCircle,
  warning: IconAlertTriangle,
  error: IconAlertOctagon,
  critical: IconUrgent,
};

export function SeverityBadge({ severity, large = false }: { severity: string; large?: boolean }) {
  const { t } = useTranslation();
  const known = asSeverity(severity);
  const Icon = ICONS[known];
  return (
    <span className={classes.badge} data-severity={known} data-large={large || undefined}>
      <Icon size={large ? 18 : 14} stroke={2.25} />
      {t(`severity.${known}`)}
    </span>
  );
}

interface PickerProps {
  value: Severity;
  onChange: (severity: Severity) => void;
  /** The ones to choose from; all if not said. */
  offered?: readonly Severity[] | null;
}

export function SeverityPicker({ value, onChange, offered }: PickerProps) {
  const { t } = useTranslation();
  const name = useId();
  if (offered?.length === 0) return null;
  return (
    <fieldset className={classes.picker}>
      <legend className={classes.legend}>{t("compose.severity")}</legend>
      <div className={classes.options}>
        {SEVERITIES.filter((severity) => offered?.includes(severity) ?? true).map((severity) => {
          const Icon = ICONS[severity];
          return (
            <label key={severity} className={classes.option} data-severity={severity}>
              <input
                type="radio"
                className="visually-hidden"
                name={name}
                value={severity}
                checked={value === severity}
                onChange={() => onChange(severity)}
              />
              <Icon size={18} stroke={2} />
              <span>{t(`severity.${severity}`)}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
