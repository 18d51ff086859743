import { expect, test } from "vitest";
import { asksTwice, edit, emptyDraft, flaws, isDirty, length, TEXT_CHARS, targetOf, audienceOf, toRequest, within } from "./draft";

const written = edit(emptyDraft(), { text: " Corte de luz \n", title: " Aviso " });

test("a draft is trimmed and goes to everybody", () => {
  expect(toRequest(written)).toEqual({ audience: { kind: "global" }, severity: "info", title: "Aviso", text: "Corte de luz" });
});

test("a draft for one branch names it, and is flawed without", () => {
  const branch = edit(written, { whom: "branch", branch: "Cádiz" });
  expect(toRequest(branch).audience).toEqual({ kind: "private", name: "Cádiz" });
  expect(flaws(edit(branch, { branch: null }))).toEqual(["no_branch"]);
});

test("a draft for a group names it, and is flawed without", () => {
  const group = edit(written, { whom: "group", group: "Norte", branch: "Cádiz" });
  expect(toRequest(group).audience).toEqual({ kind: "group", name: "Norte" });
  expect(flaws(edit(group, { group: null }))).toEqual(["no_group"]);
});

test("another text is another alert for the hub, the same text is the same", () => {
  const changed = edit(written, { text: "otra cosa" });
  expect(changed.key).not.toBe(written.key);
});

test("limits count characters, not UTF-16 units", () => {
  expect(length("señal 👍")).toBe(7);
  expect(flaws(edit(written, { text: "👍".repeat(TEXT_CHARS) }))).toEqual([]);
  expect(flaws(edit(written, { text: "x".repeat(TEXT_CHARS + 1) }))).toEqual(["text_long"]);
});

test("only a critical alert to many asks twice by itself", () => {
  expect(asksTwice(edit(written, { severity: "critical" }))).toBe(true);
  expect(asksTwice(edit(written, { severity: "error" }))).toBe(false);
  expect(asksTwice(edit(written, { severity: "critical", whom: "group", group: "Norte" }))).toBe(true);
  expect(asksTwice(edit(written, { severity: "critical", whom: "branch", branch: "Cádiz" }))).toBe(false);
});

test("blank is nothing to warn about", () => {
  expect(isDirty(edit(emptyDraft(), { text: "  \n" }))).toBe(false);
  expect(isDirty(written)).toBe(true);
});

test("an audience that stands goes into the form and comes out the same", () => {
  const group = { kind: "group" as const, name: "Norte" };
  const branch = { kind: "private" as const, name: "Cádiz" };
  for (const audience of [[{ kind: "global" as const }], [group], [branch], [group, branch], [branch, { ...branch, name: "Sol" }]]) {
    expect(audienceOf(targetOf(audience))).toEqual(audience);
  }
});

test("a draft stays within what a technician may do", () => {
  expect(within(written, { groups: null, severities: null })).toBe(written);
  const limited = within(edit(written, { severity: "critical" }), { groups: ["Norte"], severities: ["info", "warning"] });
  expect([limited.whom, limited.severity]).toEqual(["group", "info"]);
});
