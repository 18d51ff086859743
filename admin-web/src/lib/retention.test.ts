import { expect, test } from "vitest";
import { followed, isWrong, shortened, toFields, toRetention } from "./retention";

test.each([
  ["", false], [" 30 ", false], ["1", false], ["4000", false],
  ["0", true], ["4001", true], ["-1", true], ["1.5", true], ["1e3", true], ["thirty", true],
])("«%s» is wrong: %s", (text, wrong) => {
  expect(isWrong(text)).toBe(wrong);
});

test("fields and what is sent are the same thing", () => {
  const kept = { events_days: 30, alerts_days: null, connections_days: 7, messages_days: null, actions_days: 365 };
  expect(toRetention(toFields(kept))).toEqual(kept);
});

test("only what is kept for less long may delete something", () => {
  const before = { events_days: 30, alerts_days: null, connections_days: 7 };
  expect(shortened(before, { events_days: 60, alerts_days: null, connections_days: null })).toEqual([]);
  expect(shortened(before, { events_days: 29, alerts_days: 365, connections_days: 7 })).toEqual(["events_days", "alerts_days"]);
});

test("fields that nobody touched follow the hub, typed ones stay", () => {
  const kept = { events_days: 30, alerts_days: null, connections_days: null, messages_days: null, actions_days: null };
  const before = toFields(kept);
  const typed = { ...before, alerts_days: "7" };
  expect(followed(typed, before, toFields({ ...kept, events_days: 90, alerts_days: 5 }))).toEqual({ ...typed, events_days: "90" });
});
