// "This event would do that", or this alert of somebody: a dry run, by the rules that hold or by those that are being written.
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { dryRun } from "../../api/rules";
import type { AppliesTo, DryRun, Rule, Severity } from "../../api/types";
import { asAudiences, asLabels, Words, type ScreensDraft } from "../../lib/rules";
import { session } from "../../lib/session";
import { SEVERITIES } from "../../lib/severity";
import { Section } from "../Section";
import { Failure } from "../States";
import { When } from "../When";
import { ScreensFields, Tags } from "./fields";
import classes from "./Rules.module.css";

/** `rules`: those that are being written, in place of those that hold. */
export function TryEvent({ rules, about }: { rules: (() => Rule[]) | null; about?: AppliesTo }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<AppliesTo>(about ?? "events");
  const [from, setFrom] = useState(session.get()?.username ?? "");
  const [screens, setScreens] = useState<ScreensDraft>({ everybody: true, groups: [], branches: [] });
  const [source, setSource] = useState("router-7");
  const [severity, setSeverity] = useState<Severity>("critical");
  const [message, setMessage] = useState("");
  const [key, setKey] = useState("");
  const [labels, setLabels] = useState<string[]>([]);
  const run = useMutation({
    mutationFn: () => dryRun(kind === "alerts" ? { alert: alert() } : { event: event() }, rules ? rules() : null),
  });

  const alert = () => ({ from, severity, audience: screens.everybody ? [{ kind: "global" as const }] : asAudiences(screens) });
  const event = () => ({ source, severity, message, labels: asLabels(labels), resolved: false, ...(key && { dedup_key: key }) });

  function submit(event: FormEvent): void {
    event.preventDefault();
    // The form of a rule stands around this one on the screen, not in the document.
    event.stopPropagation();
    run.mutate();
  }

  return (
    <Section title={t(rules ? "rules.try.titleHere" : "rules.try.title")}>
      <form className={classes.body} onSubmit={submit} data-testid="try">
        <p className={classes.hint}>{t(kind === "alerts" ? "rules.try.hintAlert" : "rules.try.hint")}</p>
        {!about && (
          <Select
            label={t("rules.editor.about")}
            allowDeselect={false}
            value={kind}
            data={(["events", "alerts"] as const).map((value) => ({ value, label: t(`rules.editor.appliesTo.${value}`) }))}
            onChange={(value) => {
              setKind(value as AppliesTo);
              run.reset();
            }}
          />
        )}
        {kind === "alerts" ? (
          <TextInput label={t("rules.try.sender")} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        ) : (
          <TextInput label={t("rules.try.source")} placeholder={t("rules.try.sourceExample")} value={source} onChange={(event) => setSource(event.currentTarget.value)} />
        )}
        <Select
          label={t("rules.try.severity")}
          allowDeselect={false}
          value={severity}
          data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
          onChange={(value) => setSeverity(value as Severity)}
        />
        {kind === "alerts" ? (
          <ScreensFields everybody={t("rules.editor.toEverybody")} value={screens} onChange={(part) => setScreens({ ...screens, ...part })} error={null} />
        ) : (
          <>
            <TextInput label={t("rules.try.message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} />
            <details className={classes.more}>
              <summary>{t("rules.editor.more")}</summary>
              <div className={classes.form}>
                <Tags label={t("rules.editor.labels")} placeholder="team=red" value={labels} onChange={setLabels} />
                <TextInput label={t("rules.try.key")} value={key} onChange={(event) => setKey(event.currentTarget.value)} />
              </div>
            </details>
          </>
        )}
        <Button type="submit" variant="default" loading={run.isPending}>
          {t("rules.try.run")}
        </Button>
        <div aria-live="polite">{run.data && <Answer answer={run.data} isAlert={kind === "alerts"} />}</div>
        {run.isError && <Failure title={t("rules.notSaved")} error={run.error} />}
      </form>
    </Section>
  );
}

function Answer({ answer, isAlert }: { answer: DryRun; isAlert: boolean }) {
  const { t, i18n } = useTranslation();
  const words = new Words(t, i18n.language);
  return (
    <div className={classes.form}>
      <p className={classes.verdict} data-outcome={answer.outcome} data-testid="outcome">
        {isAlert && answer.outcome === "recorded" ? t("rules.try.notFollowed") : t(`rules.try.outcome.${answer.outcome}`, { reason: answer.silenced_why ?? "" })}
      </p>
      {answer.outcome === "silenced" && answer.effects.length > 0 && <p className={classes.hint}>{t("rules.try.wanted")}</p>}
      {answer.effects.map((effect) => (
        <div key={effect.rule_id || effect.rule_name}>
          <p className={classes.name} translate="no">
            {effect.rule_name}
          </p>
          {!isAlert && <p className={classes.line}>{words.actions({ ...effect, on_call: [] })}</p>}
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
              <span>{t(why(asked.reason, isAlert), { label: asked.label ?? "" })}</span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

/** What is called a source of events is the sender of an alert; of the other kind, it says which. */
function why(reason: DryRun["asked"][number]["reason"], isAlert: boolean) {
  if (reason === "kind") return isAlert ? ("rules.try.reason.kindEvents" as const) : ("rules.try.reason.kindAlerts" as const);
  return isAlert && reason === "source" ? ("rules.try.reason.sender" as const) : (`rules.try.reason.${reason}` as const);
}
