import { createInstance } from "i18next";
import { expect, test } from "vitest";
import { es } from "../i18n/es";
import type { Rule } from "../api/types";
import { asLabels, asRule, followTemplate, moved, ruleDraft, span, Words } from "./rules";

const rule: Rule = {
  id: "a",
  name: "Cocinas",
  enabled: true,
  match: { sources: ["kitchen-*", "oven"], severities: ["error"], labels: { floor: "1*" }, channels: [], tokens: [] },
  then: { screens: [{ kind: "group", name: "Norte" }, { kind: "private", name: "Sol" }], mail: ["default"], webhooks: [], on_call: [] },
  wait_s: 90,
  group: { by: "source", label: null, window_s: 600 },
  repeat_s: 7_200,
  steps: [{ after_s: 300, unless: "displayed", share: 50, remind: true, then: { screens: [{ kind: "global" }], mail: [], webhooks: [], on_call: [] } }],
  continue: true,
};

test("a rule that goes through the form is the same", () => {
  expect(asRule(ruleDraft(rule))).toEqual(rule);
});

const follow: Rule = {
  id: "b",
  name: "Retiradas",
  enabled: true,
  applies_to: "alerts",
  match: { sources: ["ana"], severities: ["critical"], audiences: [{ kind: "global" }, { kind: "group", name: "Norte*" }] },
  steps: [{ after_s: 600, unless: "dismissed", share: 100, remind: true, note: "Sin ver:", then: { screens: [], mail: ["default"], webhooks: [], on_call: [] } }],
  continue: false,
};

test("a rule about alerts goes through the form and has nothing of events", () => {
  expect(asRule(ruleDraft(follow))).toEqual(follow);
  const turned = asRule({ ...ruleDraft(rule), appliesTo: "alerts" });
  expect(turned).not.toHaveProperty("then");
  expect(turned.match).toEqual({ sources: rule.match?.sources, severities: ["error"], audiences: [] });
});

test("the template follows alerts and is about nothing else", async () => {
  const i18n = createInstance();
  await i18n.init({ lng: "es", resources: { es: { translation: es } } });
  const made = asRule(followTemplate(i18n.t));
  expect([made.applies_to, made.match?.severities, made.steps?.length]).toEqual(["alerts", ["error", "critical"], 2]);
  expect(made.steps?.map((step) => step.then?.screens?.length)).toEqual([0, 0]);
});

test("labels are pairs, and one without a value must only be there", () => {
  expect(asLabels(["a=b=c", " team ", "x="])).toEqual({ a: "b=c", team: "*", x: "*" });
});

test("times are said in the largest whole unit", () => {
  expect([0, 90, 60, 300, 3_600, 5_400].map(span)).toEqual(["0 s", "90 s", "1 min", "5 min", "1 h", "90 min"]);
});

test("an entry moves within its list and no further", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
});

test("a rule reads as sentences", async () => {
  const i18n = createInstance();
  await i18n.init({ lng: "es", resources: { es: { translation: es } }, interpolation: { escapeValue: false } });
  const words = new Words(i18n.t, "es");
  expect(words.match(rule.match)).toBe("Cualquier evento de kitchen-* u oven con gravedad error con etiqueta floor=1*");
  expect(words.actions(rule.then)).toBe("mostrar en grupo Norte y Sol; correo a los responsables");
  expect(words.step(rule.steps![0]!)).toBe("Si en 5 min no lo ha visto el 50 %: recordarlo; mostrar en todas las pantallas");
  expect(words.match(follow.match, "alerts")).toBe("Cualquier aviso de ana con gravedad crítico a todas las sucursales o grupo Norte*");
  expect(words.manner(rule)).toBe("espera 90 s · junta la misma fuente durante 10 min · repite cada 2 h · y pregunta a las siguientes");
});
