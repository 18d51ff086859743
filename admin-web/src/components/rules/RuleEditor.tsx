// Writes one rule: about which events, what is done, how they are gathered, what follows if nobody sees it; or about which alerts
// of people, and what follows. With a dry run of the whole set beside it. What the hub refuses stands beside the field.
import { Button, Checkbox, Modal, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { rulesQuery, saveRules } from "../../api/rules";
import type { AppliesTo, FieldError, GroupBy, Rule } from "../../api/types";
import { announce } from "../../lib/announce";
import { fieldErrors, isTaken } from "../../lib/fields";
import { asRule, freshStep, ruleDraft, type RuleDraft } from "../../lib/rules";
import { IconPlus } from "../icons";
import { Failure } from "../States";
import { ActionsFields, ScreensFields, Severities, SpanField, Tags } from "./fields";
import { StepFields } from "./StepFields";
import { TryEvent } from "./TryEvent";
import classes from "./Rules.module.css";

interface Props {
  opened: boolean;
  /** The rule to change; null makes a new one, which is asked first. */
  rule: Rule | null;
  rules: Rule[];
  /** A new one begins like this. */
  template?: RuleDraft;
  version: number;
  onClose: () => void;
}

const GROUPS = ["none", "source_and_text", "source", "label", "dedup_key"] as const;

export function RuleEditor({ opened, rule, rules, template, version, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(rule ? "rules.editor.title" : "rules.editor.newTitle")}
      size={1080}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Form rule={rule} rules={rules} template={template} version={version} onClose={onClose} />
    </Modal>
  );
}

function Form({ rule, rules, template, version, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => template ?? ruleDraft(rule));
  const change = (part: Partial<RuleDraft>) => setDraft((old) => ({ ...old, ...part }));
  const place = rule ? rules.findIndex(({ id }) => id === rule.id) : 0;
  const all = () => (rule ? rules.map((one) => (one.id === rule.id ? asRule(draft) : one)) : [asRule(draft), ...rules]);
  const save = useMutation({
    mutationFn: () => saveRules(all(), version),
    onSuccess: () => {
      announce(t("rules.saved"));
      onClose();
    },
    onError: (error) => {
      announce(t("rules.notSaved"), "assertive");
      if (isTaken(error)) void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
    },
  });
  const faults = fieldErrors(save.error);
  const isAboutAlerts = draft.appliesTo === "alerts";
  const fault = (field: string) => said(faults, `rules[${place}].${field}`);
  const loose = save.isError && faults.length === 0;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }

  return (
    <div className={classes.columns}>
      <form className={classes.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
        <TextInput
          data-autofocus
          label={t("rules.editor.name")}
          placeholder={t("rules.editor.nameExample")}
          value={draft.name}
          error={fault("name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label={t("rules.editor.about")}
          allowDeselect={false}
          value={draft.appliesTo}
          data={(["events", "alerts"] as const).map((value) => ({ value, label: t(`rules.editor.appliesTo.${value}`) }))}
          onChange={(value) => change({ appliesTo: value as AppliesTo })}
        />
        {isAboutAlerts ? <WhenAlert draft={draft} change={change} fault={fault} /> : <When draft={draft} change={change} fault={fault} />}
        {!isAboutAlerts && (
          <>
            <fieldset className={classes.part}>
              <legend>{t("rules.editor.then")}</legend>
              <ActionsFields value={draft.then} onChange={(then) => change({ then })} fault={(field) => fault(`then.${field}`)} />
              {said(faults, `rules[${place}].then`, true) && <p className={classes.fault}>{said(faults, `rules[${place}].then`, true)}</p>}
            </fieldset>
            <Gather draft={draft} change={change} fault={fault} />
          </>
        )}
        <fieldset className={classes.part}>
          <legend>{t(isAboutAlerts ? "rules.editor.stepsOfAlert" : "rules.editor.steps")}</legend>
          <p className={classes.hint}>{t(isAboutAlerts ? "rules.editor.stepsOfAlertHint" : "rules.editor.stepsHint")}</p>
          {draft.steps.map((step, index) => (
            <StepFields
              key={step.key}
              number={index + 1}
              step={step}
              onChange={(next) => change({ steps: draft.steps.map((one) => (one.key === step.key ? next : one)) })}
              onRemove={() => change({ steps: draft.steps.filter((one) => one.key !== step.key) })}
              fault={(field) => fault(`steps[${index}].${field}`)}
            />
          ))}
          {said(faults, `rules[${place}].steps`, true) && <p className={classes.fault}>{said(faults, `rules[${place}].steps`, true)}</p>}
          <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={() => change({ steps: [...draft.steps, freshStep()] })}>
            {t("rules.editor.addStep")}
          </Button>
        </fieldset>
        <Checkbox
          label={t("rules.editor.continue")}
          description={t("rules.editor.continueHint")}
          checked={draft.goesOn}
          onChange={(event) => change({ goesOn: event.currentTarget.checked })}
        />
        {loose && <Failure title={isTaken(save.error) ? t("rules.conflict") : t("rules.notSaved")} error={save.error} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="save-rule">
            {t("rules.save")}
          </Button>
        </div>
      </form>
      <TryEvent key={draft.appliesTo} rules={all} about={draft.appliesTo} />
    </div>
  );
}

interface PartProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  fault: (field: string) => string | null;
}

function When({ draft, change, fault }: PartProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.part}>
      <legend>{t("rules.editor.when")}</legend>
      <Tags
        label={t("rules.editor.sources")}
        description={t("rules.editor.pattern")}
        placeholder="router-*"
        value={draft.sources}
        onChange={(sources) => change({ sources })}
        error={fault("match.sources")}
      />
      <Severities
        label={t("rules.editor.severities")}
        hint={t("rules.editor.severitiesHint")}
        value={draft.severities}
        onChange={(severities) => change({ severities })}
      />
      <details className={classes.more} open={draft.labels.length + draft.channels.length + draft.tokens.length > 0 || undefined}>
        <summary>{t("rules.editor.more")}</summary>
        <div className={classes.form}>
          <Tags
            label={t("rules.editor.labels")}
            description={t("rules.editor.labelsHint")}
            placeholder="team=red"
            value={draft.labels}
            onChange={(labels) => change({ labels })}
            error={fault("match.labels")}
          />
          <Tags
            label={t("rules.editor.channels")}
            placeholder="tcp_socket"
            value={draft.channels}
            onChange={(channels) => change({ channels })}
            data={["tcp_socket", "tcp_tls", "http_api", "ntfy", "gotify", "alertmanager", "hub"]}
            error={fault("match.channels")}
          />
          <Tags label={t("rules.editor.tokens")} value={draft.tokens} onChange={(tokens) => change({ tokens })} error={fault("match.tokens")} />
        </div>
      </details>
    </fieldset>
  );
}

/** Which alerts: by whom, how grave, to whom. */
function WhenAlert({ draft, change, fault }: PartProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.part}>
      <legend>{t("rules.editor.whenAlert")}</legend>
      <Severities
        label={t("rules.editor.severities")}
        hint={t("rules.editor.severitiesHint")}
        value={draft.severities}
        onChange={(severities) => change({ severities })}
      />
      <Tags
        label={t("rules.editor.senders")}
        description={t("rules.editor.pattern")}
        placeholder="ana"
        value={draft.sources}
        onChange={(sources) => change({ sources })}
        error={fault("match.sources")}
      />
      <div className={classes.form} role="group" aria-label={t("rules.editor.audience")}>
        <div>
          <span className={classes.label}>{t("rules.editor.audience")}</span>
          <p className={classes.hint}>{t("rules.editor.audienceHint")}</p>
        </div>
        <ScreensFields
          both
          everybody={t("rules.editor.toEverybody")}
          value={draft.audiences}
          onChange={(part) => change({ audiences: { ...draft.audiences, ...part } })}
          error={fault("match.audiences")}
        />
      </div>
    </fieldset>
  );
}

function Gather({ draft, change, fault }: PartProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.part}>
      <legend>{t("rules.editor.gather")}</legend>
      <div className={classes.inline}>
        <Select
          className={classes.grow}
          label={t("rules.editor.group")}
          allowDeselect={false}
          value={draft.group}
          data={GROUPS.map((value) => ({ value, label: t(`rules.editor.groupBy.${value}`) }))}
          onChange={(value) => change({ group: value as GroupBy | "none" })}
        />
        {draft.group === "label" && (
          <TextInput
            label={t("rules.editor.groupLabel")}
            value={draft.groupLabel}
            error={fault("group.label")}
            onChange={(event) => change({ groupLabel: event.currentTarget.value })}
          />
        )}
        {draft.group !== "none" && draft.group !== "dedup_key" && (
          <SpanField label={t("rules.editor.window")} seconds={draft.windowS} onChange={(windowS) => change({ windowS })} error={fault("group.window_s")} />
        )}
      </div>
      <SpanField
        label={t("rules.editor.wait")}
        description={t("rules.editor.waitHint")}
        least={0}
        seconds={draft.waitS}
        onChange={(waitS) => change({ waitS })}
        error={fault("wait_s")}
      />
      <Checkbox
        label={t("rules.editor.repeat")}
        checked={draft.repeatS !== null}
        onChange={(event) => change({ repeatS: event.currentTarget.checked ? 1_800 : null })}
      />
      {draft.repeatS !== null && (
        <SpanField label={t("rules.editor.repeatEvery")} seconds={draft.repeatS} onChange={(repeatS) => change({ repeatS })} error={fault("repeat_s")} />
      )}
    </fieldset>
  );
}

/** What the hub says about a field, or about what is within it. */
function said(faults: readonly FieldError[], path: string, alone = false): string | null {
  const within = (field: string) => field === path || (!alone && (field.startsWith(`${path}[`) || field.startsWith(`${path}.`)));
  return faults.find(({ field }) => field && within(field))?.reason ?? null;
}
