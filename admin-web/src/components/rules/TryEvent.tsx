// "This event would do that": a dry run, by the rules that hold or by those that are being written.
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { dryRun } from "../../api/rules";
import type { DryRun, Rule, Severity } from "../../api/types";
import { Words } from "../../lib/rules";
import { SEVERITIES } from "../../lib/severity";
import { Section } from "../Section";
import { Failure } from "../States";
import { When } from "../When";
import { Tags } from "./fields";
import { asLabels } from "../../lib/rules";
import classes from "./Rules.module.css";

/** `rules`: those that are being written, in place of those that hold. */
export function TryEvent({ rules }: { rules: (() => Rule[]) | null }) {
  const { t } = useTranslation();
  const [source, setSource] = useState("router-7");
  const [severity, setSeverity] = useState<Severity>("critical");
  const [message, setMessage] = useState("");
  const [key, setKey] = useState("");
  const [labels, setLabels] = useState<string[]>([]);
  const run = useMutation({
    mutationFn: () =>
      dryRun({ source, severity, message, labels: asLabels(labels), resolved: false, ...(key && { dedup_key: key }) }, rules ? rules() : null),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    // The form of a rule stands around this one on the screen, not in the document.
    event.stopPropagation();
    run.mutate();
  }

  return (
    <Section title={t(rules ? "rules.try.titleHere" : "rules.try.title")}>
      <form className={classes.body} onSubmit={submit} data-testid="try">
        <p className={classes.hint}>{t("rules.try.hint")}</p>
        <TextInput label={t("rules.try.source")} placeholder={t("rules.try.sourceExample")} value={source} onChange={(event) => setSource(event.currentTarget.value)} />
        <Select
          label={t("rules.try.severity")}
          allowDeselect={false}
          value={severity}
          data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
          onChange={(value) => setSeverity(value as Severity)}
        />
        <TextInput label={t("rules.try.message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} />
        <details className={classes.more}>
          <summary>{t("rules.editor.more")}</summary>
          <div className={classes.form}>
            <Tags label={t("rules.editor.labels")} placeholder="team=red" value={labels} onChange={setLabels} />
            <TextInput label={t("rules.try.key")} value={key} onChange={(event) => setKey(event.currentTarget.value)} />
          </div>
        </details>
        <Button type="submit" variant="default" loading={run.isPending}>
          {t("rules.try.run")}
        </Button>
        <div aria-live="polite">{run.data && <Answer answer={run.data} />}</div>
        {run.isError && <Failure title={t("rules.notSaved")} error={run.error} />}
      </form>
    </Section>
  );
}

function Answer({ answer }: { answer: DryRun }) {
  const { t, i18n } = useTranslation();
  const words = new Words(t, i18n.language);
  return (
    <div className={classes.form}>
      <p className={classes.verdict} data-outcome={answer.outcome} data-testid="outcome">
        {t(`rules.try.outcome.${answer.outcome}`, { reason: answer.silenced_why ?? "" })}
      </p>
      {answer.outcome === "silenced" && answer.effects.length > 0 && <p className={classes.hint}>{t("rules.try.wanted")}</p>}
      {answer.effects.map((effect) => (
        <div key={effect.rule_id || effect.rule_name}>
          <p className={classes.name} translate="no">
            {effect.rule_name}
          </p>
          <p className={classes.line}>{words.actions({ ...effect, on_call: [] })}</p>
          {effect.on_call.map((duty) => (
            <p key={duty.rotation} className={classes.line}>
              {t("rules.say.onCall", { name: `${duty.rotation} → ${duty.turn}` })} ({t("rules.onCall.until")} <When at={duty.until} />)
            </p>
          ))}
          {effect.wait_s > 0 && <p className={classes.soft}>{words.manner({ name: "", wait_s: effect.wait_s })}</p>}
          {effect.joins && <p className={classes.soft}>{t("rules.try.joins", { count: effect.joins.count })}</p>}
          {effect.steps.length > 0 && (
            <ol className={classes.steps}>
              {effect.steps.map((step, index) => (
                <li key={index}>{words.step(step)}</li>
              ))}
            </ol>
          )}
        </div>
      ))}
      <details className={classes.more} open={answer.effects.length === 0 || undefined}>
        <summary>{t("rules.try.asked")}</summary>
        <ol className={classes.asked}>
          {answer.asked.map((asked, index) => (
            <li key={index} data-matched={asked.reason === "matched" || undefined}>
              <span translate="no">{asked.name}</span>
              <span>{t(`rules.try.reason.${asked.reason}`, { label: asked.label ?? "" })}</span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
