import { describe, expect, test } from "vitest";
import type { AlertDetail, Delivery, Receipt, State } from "../api/types";
import { applyPresence, applyReceipts, arrange, count, groupOf, place, reached, waiting } from "./board";

const row = (client: string, state: State, more: Partial<Delivery> = {}): Delivery => ({
  client, state, online: true, queued_at: "2026-11-21T10:00:00.000Z", ...more,
});

function alert(deliveries: Delivery[]): AlertDetail {
  return {
    id: "A", seq: 1, severity: "info", title: "", text: "x", from: "marta", audience: [{ kind: "global" }],
    sent_at: "2026-11-21T10:00:00.000Z", drill: false, replies: [], free_reply: false, timeline: [], counts: count(deliveries), deliveries,
  };
}

const receipt = (client: string, state: Receipt["state"], at = "2026-11-21T10:01:00.000Z"): Receipt => ({ alert: "A", client, state, at });

describe("receipts", () => {
  test("move a row forward and keep the counts true", () => {
    const after = applyReceipts(alert([row("a", "sent"), row("b", "queued")]), [receipt("a", "delivered"), receipt("a", "displayed")]);
    expect(after.deliveries[0]).toMatchObject({ state: "displayed", delivered_at: "2026-11-21T10:01:00.000Z" });
    expect(after.counts).toMatchObject({ recipients: 2, displayed: 1, queued: 1, sent: 0, seen: 1 });
  });

  test("that come late or twice change nothing", () => {
    const before = alert([row("a", "dismissed", { delivered_at: "1", displayed_at: "2", dismissed_at: "3" })]);
    expect(applyReceipts(before, [receipt("a", "delivered"), receipt("a", "dismissed")])).toBe(before);
  });

  test("of another alert or an unknown client change nothing", () => {
    const before = alert([row("a", "sent")]);
    expect(applyReceipts(before, [{ ...receipt("a", "delivered"), alert: "B" }, receipt("z", "delivered")])).toBe(before);
  });

  test("after a withdrawal still say that it was seen, and the row stays withdrawn", () => {
    const after = applyReceipts(alert([row("a", "withdrawn")]), [receipt("a", "displayed")]);
    expect(after.deliveries[0]?.state).toBe("withdrawn");
    expect(after.counts).toMatchObject({ withdrawn: 1, seen: 1 });
  });

  test("of ten thousand recipients take less than a frame", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `pc-${index}`);
    const before = alert(names.map((name) => row(name, "delivered")));
    const receipts = names.slice(0, 500).map((name) => receipt(name, "displayed"));
    const started = performance.now();
    const after = applyReceipts(before, receipts);
    expect(performance.now() - started).toBeLessThan(100);
    expect(after.counts.seen).toBe(500);
  });
});

test("a bar never shows fewer delivered than seen", () => {
  expect(reached(count([row("a", "withdrawn", { displayed_at: "1" }), row("b", "delivered")]))).toBe(1);
  expect(reached(count([row("a", "dismissed"), row("b", "delivered"), row("c", "sent")]))).toBe(2);
});

test("presence touches only who is named", () => {
  const before = alert([row("a", "sent"), row("b", "sent")]);
  const after = applyPresence(before, new Map([["a", false]]));
  expect(after.deliveries.map((one) => one.online)).toEqual([false, true]);
  expect(applyPresence(after, new Map([["a", false], ["z", true]]))).toBe(after);
});

describe("groups", () => {
  test.each<[State, Partial<Delivery>, string]>([
    ["queued", {}, "unseen"],
    ["sent", {}, "unseen"],
    ["delivered", { delivered_at: "1" }, "delivered"],
    ["displayed", { delivered_at: "1", displayed_at: "2" }, "seen"],
    ["dismissed", { dismissed_at: "3" }, "seen"],
    ["expired", {}, "unseen"],
    ["expired", { delivered_at: "1" }, "delivered"],
    ["withdrawn", { displayed_at: "2" }, "seen"],
    ["undeliverable", {}, "unseen"],
  ])("%s %o stands in %s", (state, more, group) => {
    expect(groupOf(row("a", state, more))).toBe(group);
  });

  test("rows keep their place while held, and move at rest", () => {
    const before = [row("a", "sent"), row("b", "sent")];
    const places = place(new Map(), before, false);
    const after = [row("a", "displayed"), row("b", "sent"), row("c", "displayed")];
    const held = place(places, after, true);
    expect([...held]).toEqual([["a", "unseen"], ["b", "unseen"], ["c", "seen"]]);
    expect(waiting(held, after)).toBe(1);
    const rested = place(held, after, false);
    expect(rested.get("a")).toBe("seen");
    expect(waiting(rested, after)).toBe(0);
    expect(place(rested, after, false)).toBe(rested);
  });

  test("are searched without case and accents, and sorted for reading", () => {
    const rows = [row("Jaén 10", "sent"), row("Jaén 2", "sent"), row("Cádiz", "displayed", { displayed_at: "2" }), row("Lugo", "displayed", { displayed_at: "3" })];
    const all = arrange(rows, place(new Map(), rows, false), "", "es");
    expect(all.unseen.map((one) => one.client)).toEqual(["Jaén 2", "Jaén 10"]);
    expect(all.seen.map((one) => one.client)).toEqual(["Lugo", "Cádiz"]);
    const found = arrange(rows, place(new Map(), rows, false), "CADIZ", "es");
    expect([found.unseen.length, found.seen.map((one) => one.client)]).toEqual([0, ["Cádiz"]]);
  });
});
