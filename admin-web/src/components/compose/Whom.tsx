// Whom an alert goes to: everybody, a group, or one branch; groups and branches are found by name on the hub.
import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Draft, Whom as Choice } from "../../lib/draft";
import { Also } from "./Also";
import classes from "./Compose.module.css";

const GroupSelect = lazy(() => import("./Selects").then(({ GroupSelect: select }) => ({ default: select })));
const BranchSelect = lazy(() => import("./Selects").then(({ BranchSelect: select }) => ({ default: select })));

interface Props {
  value: Draft;
  onChange: (what: Partial<Omit<Draft, "key">>) => void;
  error: string | undefined;
}

const CHOICES = ["everybody", "group", "branch"] as const satisfies readonly Choice[];

export function Whom({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const label = useId();
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
          data={CHOICES.map((choice) => ({ value: choice, label: t(`compose.to.${choice}`) }))}
        />
        <Suspense fallback={null}>
          {value.whom === "group" && <GroupSelect value={value.group} onChange={(group) => onChange({ group })} error={error} />}
          {value.whom === "branch" && <BranchSelect value={value.branch} onChange={(branch) => onChange({ branch })} error={error} />}
        </Suspense>
      </div>
      <Also value={value} onChange={onChange} />
    </div>
  );
}
