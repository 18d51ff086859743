// The alert that is being written: rules and memory. It outlives a page change and a lost session, not the tab.
import { noOptions, optionFlaws, optionRequest, ownZone, type OptionFlaw, type Options } from "./options";
import { createStore } from "./store";
import type { Audience, NewAlert, Severity } from "../api/types";

// The limits of the wire; the hub checks them again.
export const TITLE_CHARS = 120;
export const TEXT_CHARS = 4_000;

export type Whom = "everybody" | "group" | "branch";

/** Whom something goes to, as a form holds it. */
export interface Target {
  whom: Whom;
  group: string | null;
  branch: string | null;
  /** Groups and branches besides the one that is chosen now. */
  also: readonly Some[];
}

export interface Draft extends Target {
  severity: Severity;
  title: string;
  text: string;
  options: Options;
  /** Names this very text to the hub, so that sending it again after a lost link is harmless. */
  key: string;
}

export type Some = Exclude<Audience, { kind: "global" }>;

export type Flaw = "no_group" | "no_branch" | "no_text" | "title_long" | "text_long" | OptionFlaw;

export function emptyDraft(): Draft {
  return { whom: "everybody", group: null, branch: null, also: [], severity: "info", title: "", text: "", options: noOptions, key: crypto.randomUUID() };
}

/** A changed text is another alert, so it gets another key. */
export function edit(draft: Draft, change: Partial<Omit<Draft, "key">>): Draft {
  return { ...draft, ...change, key: crypto.randomUUID() };
}

/** What is missing of whom it goes to. */
export function targetFlaws({ whom, group, branch, also }: Target): ("no_group" | "no_branch")[] {
  if (also.length > 0) return [];
  if (whom === "group" && !group) return ["no_group"];
  return whom === "branch" && !branch ? ["no_branch"] : [];
}

/** The form of an audience that stands already. */
export function targetOf(audience: readonly Audience[]): Target {
  const also = audience.filter((one): one is Some => one.kind !== "global");
  const nothing = { group: null, branch: null };
  if (also.length < audience.length || also.length === 0) return { whom: "everybody", also: [], ...nothing };
  const [only, more] = also;
  const whom = also.every(({ kind }) => kind === "private") ? "branch" : "group";
  if (!only || more) return { whom, also, ...nothing };
  return { whom, also: [], ...nothing, [whom]: only.name };
}

/** The same draft within what this technician may do. */
export function within(draft: Draft, { groups, severities }: { groups: unknown; severities: readonly Severity[] | null }): Draft {
  const whom = groups !== null && draft.whom === "everybody" ? "group" : draft.whom;
  const severity = severities?.includes(draft.severity) === false ? (severities[0] ?? draft.severity) : draft.severity;
  return whom === draft.whom && severity === draft.severity ? draft : edit(draft, { whom, severity });
}

export function flaws(draft: Draft): Flaw[] {
  const found: Flaw[] = targetFlaws(draft);
  if (draft.text.trim() === "") found.push("no_text");
  if (length(draft.title) > TITLE_CHARS) found.push("title_long");
  if (length(draft.text) > TEXT_CHARS) found.push("text_long");
  return [...found, ...optionFlaws(draft.options, Date.now())];
}

/** Characters as the hub counts them: code points, not UTF-16 units. */
export function length(text: string): number {
  return [...text].length;
}

export function isDirty(draft: Draft): boolean {
  return draft.text.trim() !== "" || draft.title.trim() !== "";
}

/** A critical alert to many screens is never sent without the second look. */
export function asksTwice(draft: Draft): boolean {
  return draft.severity === "critical" && (draft.whom !== "branch" || draft.also.length > 0);
}

export function toRequest(draft: Draft): NewAlert {
  const title = draft.title.trim();
  const audience = audienceOf(draft);
  const whom = audience.length === 1 && audience[0] ? audience[0] : audience;
  const options = optionRequest(draft.options, ownZone());
  return { audience: whom, severity: draft.severity, text: draft.text.trim(), ...(title && { title }), ...options };
}

/** Everybody, or each group and branch once. */
export function audienceOf({ whom, also, ...draft }: Target): Audience[] {
  if (whom === "everybody") return [{ kind: "global" }];
  const chosen = chosenOf({ whom, ...draft });
  return chosen && !also.some((one) => isSame(one, chosen)) ? [...also, chosen] : [...also];
}

/** The group or branch that stands in the field. */
export function chosenOf({ whom, group, branch }: Pick<Draft, "whom" | "group" | "branch">): Some | null {
  if (whom === "group" && group) return { kind: "group", name: group };
  return whom === "branch" && branch ? { kind: "private", name: branch } : null;
}

export function isSame(one: Some, other: Some): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** The chosen one joins the others, and the field is free for the next. */
export function collected(draft: Target): Partial<Target> {
  const audience = audienceOf(draft);
  return { also: audience.filter((one): one is Some => one.kind !== "global"), group: null, branch: null };
}

export const draft = createStore<Draft>(emptyDraft());
