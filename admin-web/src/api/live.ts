// Brings a batch of frames into what the pages show: small changes in place, and a fetch only where a frame cannot tell.
import type { InfiniteData, Query } from "@tanstack/react-query";
import { applyPresence, applyReceipts } from "../lib/board";
import { movePresence } from "../lib/group";
import { reduce } from "../lib/link";
import { throttled } from "../lib/throttle";
import { newestAction } from "./logs";
import { scheduledChanged } from "./life";
import { emailsHeard, eventsHeard } from "./events";
import { alertQuery, alertsPage, alertsQuery, eventsQuery, noteAlert, noteEvents, noteReceipts, queryClient } from "./queries";
import { messagesChanged } from "./messages";
import { link } from "./socket";
import { troubles } from "./trouble";
import type { AlertDetail, AlertList, AlertSummary, ClientList, Event, EventList, FrameData, Group, PanelFrame, Presence, Receipt } from "./types";

export interface Told {
  security(notice: FrameData<"security">): void;
  message(message: FrameData<"message">): void;
  alert(alert: AlertSummary): unknown;
}

/** What is older was told before: somebody let it wait again. */
const FRESH_MS = 120_000;
const REFETCH_MS = 2_000;
const refreshAlerts = throttled(REFETCH_MS, () => void latestAlerts());
const refetchClients = throttled(REFETCH_MS, () => {
  void queryClient.invalidateQueries({ queryKey: ["clients"], predicate: isShort });
  void queryClient.invalidateQueries({ queryKey: ["client-counts"] });
  void queryClient.invalidateQueries({ queryKey: ["enrolments"] });
  refetchClient();
});
/** The one whose drawer is open: what waits for it and when it came is for the hub to say. */
const refetchClient = throttled(REFETCH_MS, () => void queryClient.invalidateQueries({ queryKey: ["client"] }));

const refetchGroups = throttled(REFETCH_MS, () => void queryClient.invalidateQueries({ queryKey: ["groups"], predicate: isShort }));

/** Of a list that somebody has scrolled far down, only the rows change in place: fetching it all again and again is too much. */
const SHORT_PAGES = 3;

function isShort({ state: { data } }: Query): boolean {
  return data === undefined || (data as InfiniteData<unknown>).pages.length <= SHORT_PAGES;
}

/** Brings the counts of the latest alerts up to date, however many pages are shown. */
async function latestAlerts(): Promise<void> {
  try {
    const { alerts } = await alertsPage();
    queryClient.setQueryData(alertsQuery.queryKey, (old) => old && alerts.reduceRight(upsert, old));
  } catch {
    // The link says that the hub is away, and its return fetches everything.
  }
}

/** Takes one batch; what a person must be told at once goes to `told`. */
export function take(frames: readonly PanelFrame[], told: Told): void {
  const receipts: Receipt[] = [];
  const events: Event[] = [];
  const presences: Presence[] = [];
  for (const frame of frames) {
    if (frame.type === "hello") begin();
    else if (frame.type === "receipt") receipts.push(...frame.data.items);
    else if (frame.type === "event") events.push(frame.data);
    else if (frame.type === "presence") presences.push(frame.data);
    else if (frame.type === "alert") takeAlert(frame.data, told);
    else if (frame.type === "email") emailsHeard();
    else if (frame.type === "security") {
      refetchClients();
      told.security(frame.data);
    }
    else if (frame.type === "message") takeMessage(frame.data, told);
    else if (frame.type === "scheduled") scheduledChanged();
    else if (frame.type === "trouble") troubles.set(frame.data.problems);
    else if (frame.type === "log") newestAction.set(frame.data.newest);
  }
  if (receipts.length > 0) takeReceipts(receipts);
  if (events.length > 0) takeEvents(events);
  if (presences.length > 0) takePresences(presences);
}

/** Whatever was known may be old; trouble that stands is said again right behind the `hello`. */
function begin(): void {
  troubles.set([]);
  void queryClient.invalidateQueries();
}

/** A new message is told; one that somebody took care of only changes the lists. */
function takeMessage(message: FrameData<"message">, told: Told): void {
  messagesChanged();
  if (!message.handled_at && Date.now() - Date.parse(message.at) < FRESH_MS) told.message(message);
}

function takeReceipts(receipts: readonly Receipt[]): void {
  noteReceipts(receipts);
  for (const id of new Set(receipts.map((receipt) => receipt.alert))) {
    queryClient.setQueryData(alertQuery(id).queryKey, (old) => old && applyReceipts(old, receipts));
  }
  // A receipt does not say what the state was before, so the counts of the list come from the hub.
  refreshAlerts();
  refetchClient();
}

/** A new alert goes on top, a changed one stays where it is. */
export function upsert(pages: InfiniteData<AlertList>, alert: AlertSummary): InfiniteData<AlertList> {
  const known = pages.pages.some((page) => page.alerts.some((old) => old.id === alert.id));
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      if (known) return { ...page, alerts: page.alerts.map((old) => (old.id === alert.id ? alert : old)) };
      return index === 0 ? { ...page, alerts: [alert, ...page.alerts], total: page.total + 1 } : page;
    }),
  };
}

function takeAlert(alert: AlertSummary, told: Told): void {
  noteAlert(alert);
  const list = queryClient.getQueryData(alertsQuery.queryKey);
  const isNew = list !== undefined && !list.pages.some((page) => page.alerts.some((old) => old.id === alert.id));
  queryClient.setQueryData(alertsQuery.queryKey, (old) => old && upsert(old, alert));
  const key = alertQuery(alert.id).queryKey;
  queryClient.setQueryData(key, (old): AlertDetail | undefined => old && { ...old, ...alert, counts: old.counts });
  void queryClient.invalidateQueries({ queryKey: key });
  refetchClient();
  if (isNew) told.alert(alert);
}

/** A tab that stays open for weeks must not keep every event: beyond this the list starts anew. */
const MOST_EVENTS = 2_000;

/** New events on top, newest first, each once. */
export function prepend(pages: InfiniteData<EventList>, events: readonly Event[]): InfiniteData<EventList> {
  const known = new Set(pages.pages[0]?.events.map((event) => event.id));
  const fresh = events.filter((event) => !known.has(event.id)).sort((a, b) => b.id - a.id);
  if (fresh.length === 0) return pages;
  return { ...pages, pages: pages.pages.map((page, index) => (index === 0 ? { ...page, events: [...fresh, ...page.events] } : page)) };
}

function takeEvents(events: readonly Event[]): void {
  noteEvents(events);
  eventsHeard();
  queryClient.setQueryData(eventsQuery.queryKey, (old) => old && prepend(old, events));
  const first = queryClient.getQueryData(eventsQuery.queryKey)?.pages[0];
  if (first && first.events.length > MOST_EVENTS) void queryClient.resetQueries({ queryKey: eventsQuery.queryKey });
}

function takePresences(presences: readonly Presence[]): void {
  const last = presences.at(-1);
  if (last) link.set((old) => reduce(old, { kind: "online", count: last.online_total }));
  const changes = new Map(presences.map((presence) => [presence.client, presence]));
  queryClient.setQueriesData<InfiniteData<ClientList>>({ queryKey: ["clients"] }, (old) => old && patchClients(old, changes));
  const online = new Map(presences.map((presence) => [presence.client, presence.online]));
  queryClient.setQueriesData<AlertDetail>({ queryKey: ["alert"] }, (old) => old && applyPresence(old, online));
  queryClient.setQueriesData<Group>({ queryKey: ["group"] }, (old) => old && movePresence(old, presences));
  refetchGroups();
  // Who belongs into a filtered or sorted page is for the hub to say.
  refetchClients();
}

function patchClients(list: InfiniteData<ClientList>, changes: ReadonlyMap<string, Presence>): InfiniteData<ClientList> {
  return {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      clients: page.clients.map((client) => {
        const change = changes.get(client.name);
        if (!change) return client;
        const { online, since = undefined, address = client.address, version = client.version } = change;
        return { ...client, online, since, address, version };
      }),
    })),
  };
}
