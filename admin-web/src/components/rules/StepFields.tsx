// One step of a rule: after how long, unless how many have seen it, and what then.
import { ActionIcon, Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Reach } from "../../api/types";
import type { StepDraft } from "../../lib/rules";
import { IconX } from "../icons";
import { ActionsFields, SpanField } from "./fields";
import classes from "./Rules.module.css";

interface Props {
  number: number;
  step: StepDraft;
  onChange: (step: StepDraft) => void;
  onRemove: () => void;
  fault: (field: string) => string | null;
}

export function StepFields({ number, step, onChange, onRemove, fault }: Props) {
  const { t } = useTranslation();
  const change = (part: Partial<StepDraft>) => onChange({ ...step, ...part });
  return (
    <div className={classes.step} role="group" aria-label={t("rules.editor.step", { number })} data-testid="step">
      <div className={classes.stepHead}>
        {t("rules.editor.step", { number })}
        <ActionIcon aria-label={t("rules.editor.removeStep", { number })} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className={classes.inline}>
        <SpanField label={t("rules.editor.after")} seconds={step.afterS} onChange={(afterS) => change({ afterS })} error={fault("after_s")} />
        <Select
          label={t("rules.editor.unless")}
          allowDeselect={false}
          value={step.unless}
          data={(["delivered", "displayed", "dismissed"] as const).map((value) => ({ value, label: t(`rules.editor.unlessIs.${value}`) }))}
          onChange={(value) => change({ unless: value as Reach })}
        />
        <NumberInput
          className={classes.number}
          label={t("rules.editor.share")}
          value={step.share}
          min={1}
          max={100}
          hideControls
          error={fault("share")}
          onChange={(value) => change({ share: Number(value || 0) })}
        />
      </div>
      <Checkbox label={t("rules.editor.remind")} checked={step.remind} onChange={(event) => change({ remind: event.currentTarget.checked })} />
      <ActionsFields value={step.then} onChange={(then) => change({ then })} fault={(field) => fault(`then.${field}`)} />
      <TextInput
        label={t("rules.editor.note")}
        description={t("rules.editor.noteHint")}
        value={step.note}
        maxLength={200}
        error={fault("note")}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      {fault("then") && <p className={classes.fault}>{fault("then")}</p>}
    </div>
  );
}
