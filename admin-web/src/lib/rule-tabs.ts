// The parts of the page of rules, as its address names them.
export const RULE_TABS = ["rules", "silences", "onCall", "watches", "activity"] as const;
export type RuleTab = (typeof RULE_TABS)[number];

export interface RulesPlace {
  tab?: RuleTab;
  /** Id of the rule whose doings are looked at. */
  rule?: string;
}

export function asRulesPlace(search: Record<string, unknown>): RulesPlace {
  const tab = RULE_TABS.find((one) => one === search["tab"]);
  const rule = search["rule"];
  return { ...(tab && { tab }), ...((typeof rule === "string" || typeof rule === "number") && { rule: String(rule) }) };
}
