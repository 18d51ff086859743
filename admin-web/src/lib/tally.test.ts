import { expect, test } from "vitest";
import type { Delivery } from "../api/types";
import { tally } from "./tally";

const row = (client: string, reply?: string): Delivery => ({
  client, state: reply ? "dismissed" : "delivered", online: true, queued_at: "2026-11-21T10:00:00.000Z", ...(reply && { reply }),
});

test("offered answers stand first even without a vote, then what people wrote", () => {
  const rows = [row("a", "No"), row("b", "Quedan dos"), row("c"), row("d", "No"), row("e", "Ninguna"), row("f", "Ninguna")];
  expect(tally(["Sí", "No"], rows)).toEqual({
    answers: [
      { words: "Sí", offered: true, clients: [] },
      { words: "No", offered: true, clients: ["a", "d"] },
      { words: "Ninguna", offered: false, clients: ["e", "f"] },
      { words: "Quedan dos", offered: false, clients: ["b"] },
    ],
    silent: ["c"],
  });
});

test("nobody asked, nobody answered", () => {
  expect(tally([], [])).toEqual({ answers: [], silent: [] });
});
