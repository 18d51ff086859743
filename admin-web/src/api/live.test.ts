import type { InfiniteData } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { count } from "../lib/board";
import { prepend, upsert } from "./live";
import type { AlertList, AlertSummary, Event, EventList } from "./types";

const event = (id: number): Event => ({
  id, created_at: "2026-11-21T10:00:00.000Z", source: "s", severity: "info", message: "m", channel: "tcp_socket", raw_payload: {},
});
const events = (...pages: number[][]): InfiniteData<EventList> => ({
  pages: pages.map((ids) => ({ events: ids.map(event), email_logs: [], total: ids.length })),
  pageParams: pages.map(() => undefined),
});
const ids = (data: InfiniteData<EventList>) => data.pages.map((page) => page.events.map(({ id }) => id));

test("new events go on top, newest first, each once", () => {
  const before = events([3, 2], [1]);
  expect(ids(prepend(before, [event(4), event(5), event(3)]))).toEqual([[5, 4, 3, 2], [1]]);
  expect(prepend(before, [event(3)])).toBe(before);
});

const alert = (id: string, text: string): AlertSummary => ({
  id, seq: 1, severity: "info", title: "", text, from: "marta", audience: [{ kind: "global" }],
  sent_at: "2026-11-21T10:00:00.000Z", drill: false, replies: [], free_reply: false, counts: count([]),
});

test("a new alert goes on top, a changed one stays in its place", () => {
  const before: InfiniteData<AlertList> = {
    pages: [{ alerts: [alert("b", "1"), alert("a", "1")], total: 2 }],
    pageParams: [undefined],
  };
  const added = upsert(before, alert("c", "1"));
  expect(added.pages[0]?.alerts.map(({ id }) => id)).toEqual(["c", "b", "a"]);
  expect(added.pages[0]?.total).toBe(3);
  const changed = upsert(added, alert("a", "2"));
  expect(changed.pages[0]?.alerts.map(({ text }) => text)).toEqual(["1", "1", "2"]);
  expect(changed.pages[0]?.total).toBe(3);
});
