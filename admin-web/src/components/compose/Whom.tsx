// Whom an alert goes to: everybody, a group, or one branch; groups and branches are found by name on the hub.
import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useId } from "react";
import { useTranslation } from "react-i18next";
import { useLimits } from "../../api/limits";
import type { Target, Whom as Choice } from "../../lib/draft";
import { IconLock } from "../icons";
import { Also } from "./Also";
import classes from "./Compose.module.css";

const GroupSelect = lazy(() => import("./Selects").then(({ GroupSelect: select }) => ({ default: select })));
const BranchSelect = lazy(() => import("./Selects").then(({ BranchSelect: select }) => ({ default: select })));

interface Props {
  value: Target;
  onChange: (what: Partial<Target>) => void;
  error: string | undefined;
}

const CHOICES = ["everybody", "group", "branch"] as const satisfies readonly Choice[];

export function Whom({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const label = useId();
  const { groups, severities } = useLimits();
  if (groups?.length === 0 || severities?.length === 0) return <NothingAllowed />;
  const choices = CHOICES.filter((choice) => choice !== "everybody" || groups === null || value.whom === "everybody");
  return (
    <div className={classes.whom}>
      <span id={label} className={classes.label}>
        {t("compose.whom")}
      </span>
      <div className={classes.whomRow}>
        <SegmentedControl
          aria-labelledby={label}
          className={classes.choices}
          value={value.whom}
          onChange={(whom) => onChange({ whom: CHOICES.find((known) => known === whom) ?? "everybody" })}
          data={choices.map((choice) => ({ value: choice, label: t(`compose.to.${choice}`) }))}
        />
        <Suspense fallback={null}>
          {value.whom === "group" && <GroupSelect allowed={groups} value={value.group} onChange={(group) => onChange({ group })} error={error} />}
          {value.whom === "branch" && <BranchSelect allowed={groups} value={value.branch} onChange={(branch) => onChange({ branch })} error={error} />}
        </Suspense>
      </div>
      <Also value={value} onChange={onChange} />
    </div>
  );
}

/** Somebody whose limits leave nothing: an empty list would only puzzle. */
function NothingAllowed() {
  const { t } = useTranslation();
  return (
    <div className={classes.nothing} role="note" data-testid="nothing-allowed">
      <IconLock size={20} />
      <div>
        <strong>{t("compose.nothingAllowed")}</strong>
        <p>{t("compose.nothingAllowedHint")}</p>
      </div>
    </div>
  );
}
