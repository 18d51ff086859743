// Rules as a form holds them, and rules as sentences. Nothing here asks the hub.
import type { TFunction } from "i18next";
import type { Actions, AppliesTo, Audience, GroupBy, Reach, Rule, Severity, Step } from "../api/types";

export interface ActionsDraft {
  everybody: boolean;
  groups: string[];
  branches: string[];
  mail: string[];
  webhooks: string[];
  onCall: string[];
}

export interface StepDraft {
  key: number;
  afterS: number;
  unless: Reach;
  share: number;
  remind: boolean;
  note: string;
  then: ActionsDraft;
}

/** Where something goes, or was sent to. */
export type ScreensDraft = Pick<ActionsDraft, "everybody" | "groups" | "branches">;

export interface RuleDraft {
  id: string;
  name: string;
  enabled: boolean;
  appliesTo: AppliesTo;
  audiences: ScreensDraft;
  sources: string[];
  severities: Severity[];
  labels: string[];
  channels: string[];
  tokens: string[];
  then: ActionsDraft;
  waitS: number;
  group: GroupBy | "none";
  groupLabel: string;
  windowS: number;
  repeatS: number | null;
  steps: StepDraft[];
  goesOn: boolean;
}

let lastKey = 0;

/** A key for a row that has no name yet. */
export function freshKey(): number {
  lastKey += 1;
  return lastKey;
}

export function screensDraft(screens: readonly Audience[]): ScreensDraft {
  return {
    everybody: screens.some(({ kind }) => kind === "global"),
    groups: screens.flatMap((one) => (one.kind === "group" ? [one.name] : [])),
    branches: screens.flatMap((one) => (one.kind === "private" ? [one.name] : [])),
  };
}

function asNames({ groups, branches }: ScreensDraft): Audience[] {
  return [...groups.map((name) => ({ kind: "group" as const, name })), ...branches.map((name) => ({ kind: "private" as const, name }))];
}

/** A matcher's audiences: everybody is one of them, and does not stand for the others. */
export function asAudiences(draft: ScreensDraft): Audience[] {
  return [...(draft.everybody ? [{ kind: "global" as const }] : []), ...asNames(draft)];
}

export function actionsDraft(then: Actions | undefined): ActionsDraft {
  return {
    ...screensDraft(then?.screens ?? []),
    mail: then?.mail ?? [],
    webhooks: then?.webhooks ?? [],
    onCall: then?.on_call ?? [],
  };
}

export function asActions(draft: ActionsDraft): Actions {
  const screens: Actions["screens"] = draft.everybody ? [{ kind: "global" }] : asNames(draft);
  return { screens, mail: draft.mail, webhooks: draft.webhooks, on_call: draft.onCall };
}

export const freshStep = (): StepDraft => ({
  key: freshKey(), afterS: 300, unless: "displayed", share: 100, remind: true, note: "", then: actionsDraft(undefined),
});

/** What most people want of alerts that people send: remind, then tell those in charge. Nothing holds before it is saved. */
export function followTemplate(t: TFunction): RuleDraft {
  const tell = { ...actionsDraft(undefined), mail: ["default"] };
  return {
    ...ruleDraft(null),
    name: t("rules.follow.name"),
    appliesTo: "alerts",
    severities: ["error", "critical"],
    group: "none",
    steps: [
      { ...freshStep(), afterS: 600 },
      { ...freshStep(), afterS: 900, unless: "dismissed", remind: false, then: tell, note: t("rules.follow.note") },
    ],
  };
}

export function ruleDraft(rule: Rule | null): RuleDraft {
  const when = rule?.match;
  return {
    id: rule?.id ?? "",
    name: rule?.name ?? "",
    enabled: rule?.enabled ?? true,
    appliesTo: rule?.applies_to ?? "events",
    audiences: screensDraft(when?.audiences ?? []),
    sources: when?.sources ?? [],
    severities: when?.severities ?? [],
    labels: Object.entries(when?.labels ?? {}).map(([name, value]) => `${name}=${value}`),
    channels: when?.channels ?? [],
    tokens: when?.tokens ?? [],
    then: actionsDraft(rule?.then),
    waitS: rule?.wait_s ?? 0,
    group: rule ? (rule.group?.by ?? "none") : "source_and_text",
    groupLabel: rule?.group?.label ?? "",
    windowS: rule?.group?.window_s ?? 300,
    repeatS: rule?.repeat_s ?? null,
    steps: (rule?.steps ?? []).map((step) => ({
      key: freshKey(), afterS: step.after_s, unless: step.unless, share: step.share ?? 100, remind: step.remind ?? false,
      note: step.note ?? "", then: actionsDraft(step.then),
    })),
    goesOn: rule?.continue ?? false,
  };
}

export function asRule(draft: RuleDraft): Rule {
  const steps: Step[] = draft.steps.map(({ note, ...step }) => ({
    after_s: step.afterS, unless: step.unless, share: step.share, remind: step.remind, then: asActions(step.then),
    ...(note.trim() && { note: note.trim() }),
  }));
  if (draft.appliesTo === "alerts") {
    return {
      id: draft.id, name: draft.name.trim(), enabled: draft.enabled, applies_to: "alerts",
      match: { sources: draft.sources, severities: draft.severities, audiences: asAudiences(draft.audiences) },
      steps, continue: draft.goesOn,
    };
  }
  return {
    id: draft.id,
    name: draft.name.trim(),
    enabled: draft.enabled,
    match: {
      sources: draft.sources, severities: draft.severities, labels: asLabels(draft.labels), channels: draft.channels, tokens: draft.tokens,
    },
    then: asActions(draft.then),
    wait_s: draft.waitS,
    group: draft.group === "none" ? null : { by: draft.group, label: draft.group === "label" ? draft.groupLabel.trim() : null, window_s: draft.windowS },
    repeat_s: draft.repeatS,
    steps,
    continue: draft.goesOn,
  };
}

/** `name=value` as labels; what has no value must only be there. */
export function asLabels(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair.trim(), "*"] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim() || "*"];
    }),
  );
}

export type Unit = "s" | "min" | "h";
export const UNIT_S: Record<Unit, number> = { s: 1, min: 60, h: 3_600 };

/** The largest unit that says it in a whole number. */
export function unitOf(seconds: number): Unit {
  if (seconds > 0 && seconds % 3_600 === 0) return "h";
  return seconds > 0 && seconds % 60 === 0 ? "min" : "s";
}

export function span(seconds: number): string {
  const unit = unitOf(seconds);
  return `${seconds / UNIT_S[unit]} ${unit}`;
}

/** Moves one entry; the list itself if that is not possible. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one === undefined || to < 0 || to > next.length) return [...list];
  next.splice(to, 0, one);
  return next;
}

/** Sentences in one language. */
export class Words {
  private readonly and: Intl.ListFormat;
  private readonly or: Intl.ListFormat;

  constructor(
    private readonly t: TFunction,
    language: string,
  ) {
    this.and = new Intl.ListFormat(language, { type: "conjunction" });
    this.or = new Intl.ListFormat(language, { type: "disjunction" });
  }

  /** Which events a rule or a silence means, or which alerts. */
  match(match: Rule["match"], of: AppliesTo = "events"): string {
    const { t, or } = this;
    const audiences = (match?.audiences ?? []).map((one) =>
      one.kind === "global" ? t("rules.say.toEverybody") : one.kind === "group" ? t("rules.say.group", { name: one.name }) : one.name,
    );
    const parts = [
      match?.sources?.length && t("rules.say.from", { list: or.format(match.sources) }),
      match?.severities?.length && t("rules.say.is", { list: or.format(match.severities.map((one) => t(`severity.${one}`).toLocaleLowerCase())) }),
      ...Object.entries(match?.labels ?? {}).map(([name, value]) => t("rules.say.label", { name, value })),
      match?.channels?.length && t("rules.say.channel", { list: or.format(match.channels) }),
      match?.tokens?.length && t("rules.say.token", { list: or.format(match.tokens) }),
      audiences.length > 0 && t("rules.say.to", { list: or.format(audiences) }),
    ].filter(Boolean);
    return [t(of === "alerts" ? "rules.say.anyAlert" : "rules.say.any"), ...parts].join(" ");
  }

  actions(then: Actions | undefined, more: readonly string[] = []): string {
    const { t, and } = this;
    const screens = (then?.screens ?? []).map((one) =>
      one.kind === "global" ? t("rules.say.everybody") : one.kind === "group" ? t("rules.say.group", { name: one.name }) : one.name,
    );
    const mail = (then?.mail ?? []).map((one) => (one === "default" ? t("rules.say.mailDefault") : one));
    const parts = [
      ...more,
      screens.length > 0 && t("rules.say.screens", { list: and.format(screens) }),
      mail.length > 0 && t("rules.say.mail", { list: and.format(mail) }),
      then?.webhooks?.length && t("rules.say.webhooks", { list: and.format(then.webhooks) }),
      ...(then?.on_call ?? []).map((name) => t("rules.say.onCall", { name })),
    ].filter((part): part is string => typeof part === "string" && part !== "");
    return parts.length === 0 ? t("rules.actions.none") : parts.join("; ");
  }

  step(step: Step): string {
    const { t } = this;
    const holes = {
      time: span(step.after_s),
      reach: t(`rules.editor.unlessIs.${step.unless}`),
      share: step.share ?? 100,
      what: this.actions(step.then, step.remind ? [t("rules.say.remind")] : []),
    };
    return (step.share ?? 100) < 100 ? t("rules.say.afterShare", holes) : t("rules.say.after", holes);
  }

  /** What else a rule says: how it gathers, waits, repeats. */
  manner(rule: Rule): string {
    const { t } = this;
    const group = rule.group;
    return [
      (rule.wait_s ?? 0) > 0 && t("rules.say.wait", { time: span(rule.wait_s ?? 0) }),
      group && t("rules.say.grouped", { what: t(`rules.say.groupedBy.${group.by}`), time: span(group.window_s) }),
      rule.repeat_s && t("rules.say.repeat", { time: span(rule.repeat_s) }),
      rule.continue && t("rules.say.goesOn"),
    ].filter(Boolean).join(" · ");
  }
}
