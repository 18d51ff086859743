import { afterEach, expect, test, vi } from "vitest";
import { count } from "../lib/board";
import { alertQuery, noteReceipts, queryClient } from "./queries";
import type { AlertDetail, Delivery } from "./types";

// Requests need an address to be relative to.
vi.hoisted(() => vi.stubGlobal("location", { origin: "https://hub.test" }));

const rows: Delivery[] = ["a", "b"].map((client) => ({ client, state: "queued", online: true, queued_at: "2026-11-21T10:00:00.000Z" }));
const alert: AlertDetail = {
  id: "A", seq: 1, severity: "info", title: "", text: "x", from: "marta", audience: [{ kind: "global" }],
  sent_at: "2026-11-21T10:00:00.000Z", drill: false, replies: [], free_reply: false, timeline: [], counts: count(rows), deliveries: rows,
};
const receipt = (client: string) => ({ alert: "A", client, state: "displayed" as const, at: "2026-11-21T10:00:01.000Z" });

afterEach(() => {
  vi.unstubAllGlobals();
  queryClient.clear();
});

/** A hub whose answers the test gives itself, one for each request. */
function slowHub(): (() => void)[] {
  const answers: (() => void)[] = [];
  vi.stubGlobal("fetch", ({ signal }: Request, options?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      for (const one of [signal, options?.signal]) one?.addEventListener("abort", () => reject(new Error("aborted")));
      answers.push(() => resolve(Response.json(alert)));
    }),
  );
  return answers;
}

test("receipts that overtake the answer are in it", async () => {
  const answers = slowHub();
  const asked = queryClient.fetchQuery(alertQuery("A"));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  noteReceipts([receipt("a"), { ...receipt("b"), alert: "other" }]);
  answers[0]?.();
  expect((await asked).counts.seen).toBe(1);
});

test("a request that was given up takes nothing from the one that follows it", async () => {
  const answers = slowHub();
  void queryClient.fetchQuery(alertQuery("A")).catch(() => undefined);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  const given = queryClient.cancelQueries({ queryKey: ["alert", "A"] });
  const asked = queryClient.fetchQuery(alertQuery("A"));
  await given;
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  noteReceipts([receipt("a"), receipt("b")]);
  answers[1]?.();
  expect((await asked).counts.seen).toBe(2);
});
