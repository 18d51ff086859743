// The decisions of the *who has seen it* board: what a receipt changes, and in which group a row stands.
import type { AlertDetail, Counts, Delivery, Receipt, State } from "../api/types";

export const GROUPS = ["unseen", "delivered", "seen"] as const;
export type Group = (typeof GROUPS)[number];

/** The group a word from the address names. */
export function asGroup(word: unknown): Group {
  return GROUPS.find((group) => group === word) ?? "unseen";
}

/** Name of a client → the group its row stands in. */
export type Places = ReadonlyMap<string, Group>;

const ORDER: Record<State, number> = {
  queued: 0, sent: 1, delivered: 2, displayed: 3, dismissed: 4, expired: 5, withdrawn: 5, undeliverable: 5,
};

/** Whether somebody could have read it: drawn on a screen, or closed by a person. */
export function isSeen(delivery: Delivery): boolean {
  return Boolean(delivery.displayed_at ?? delivery.dismissed_at) || delivery.state === "displayed" || delivery.state === "dismissed";
}

export function groupOf(delivery: Delivery): Group {
  if (isSeen(delivery)) return "seen";
  return delivery.delivered_at || delivery.state === "delivered" ? "delivered" : "unseen";
}

/** When it was seen first; the empty string when it was not. */
export function seenAt(delivery: Delivery): string {
  return delivery.displayed_at ?? delivery.dismissed_at ?? "";
}

/** The alert after these receipts. States only move forward, so a repeated or late receipt changes nothing. */
export function applyReceipts(alert: AlertDetail, receipts: readonly Receipt[]): AlertDetail {
  const changes = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    if (receipt.alert !== alert.id) continue;
    const known = changes.get(receipt.client);
    if (known) known.push(receipt);
    else changes.set(receipt.client, [receipt]);
  }
  if (changes.size === 0) return alert;
  let changed = false;
  const deliveries = alert.deliveries.map((row) => {
    const next = changes.get(row.client)?.reduce(afterReceipt, row) ?? row;
    changed ||= next !== row;
    return next;
  });
  return changed ? { ...alert, deliveries, counts: count(deliveries) } : alert;
}

function afterReceipt(row: Delivery, receipt: Receipt): Delivery {
  const { state, at, reply } = receipt;
  const next = { ...row };
  if (ORDER[state] > ORDER[row.state]) next.state = state;
  if (state === "delivered") next.delivered_at ??= at;
  if (state === "displayed") next.displayed_at ??= at;
  if (state === "dismissed") next.dismissed_at ??= at;
  if (reply) next.reply ??= reply;
  return same(row, next) ? row : next;
}

function same(a: Delivery, b: Delivery): boolean {
  return a.state === b.state && a.sent_at === b.sent_at && a.delivered_at === b.delivered_at
    && a.displayed_at === b.displayed_at && a.dismissed_at === b.dismissed_at && a.reply === b.reply;
}

/** The alert after a client came or went. */
export function applyPresence(alert: AlertDetail, presence: ReadonlyMap<string, boolean>): AlertDetail {
  const touched = alert.deliveries.some((row) => presence.has(row.client) && presence.get(row.client) !== row.online);
  if (!touched) return alert;
  return { ...alert, deliveries: alert.deliveries.map((row) => ({ ...row, online: presence.get(row.client) ?? row.online })) };
}

export function count(deliveries: readonly Delivery[]): Counts {
  const counts: Counts = {
    recipients: deliveries.length, queued: 0, sent: 0, delivered: 0, displayed: 0, dismissed: 0,
    expired: 0, withdrawn: 0, undeliverable: 0, seen: 0,
  };
  for (const row of deliveries) {
    counts[row.state] += 1;
    if (isSeen(row)) counts.seen += 1;
  }
  return counts;
}

/** How many have it at least on their disk: a bar never shows fewer delivered than seen. */
export function reached(counts: Counts): number {
  return Math.max(counts.seen, counts.delivered + counts.displayed + counts.dismissed);
}

/** Where each row stands. While somebody points at the list, a row keeps its place; new rows always get one. */
export function place(old: Places, deliveries: readonly Delivery[], held: boolean): Places {
  const places = new Map<string, Group>();
  let changed = old.size !== deliveries.length;
  for (const row of deliveries) {
    const before = old.get(row.client);
    const group = held && before ? before : groupOf(row);
    changed ||= group !== before;
    places.set(row.client, group);
  }
  return changed ? places : old;
}

/** How many rows wait to change their group. */
export function waiting(places: Places, deliveries: readonly Delivery[]): number {
  return deliveries.filter((row) => places.get(row.client) !== groupOf(row)).length;
}

/** The rows of each group that match: by name, the seen ones latest first. */
export function arrange(deliveries: readonly Delivery[], places: Places, search: string, language: string): Record<Group, Delivery[]> {
  const wanted = fold(search.trim());
  const groups: Record<Group, Delivery[]> = { unseen: [], delivered: [], seen: [] };
  for (const row of deliveries) {
    if (wanted === "" || fold(row.client).includes(wanted)) groups[places.get(row.client) ?? groupOf(row)].push(row);
  }
  const names = new Intl.Collator(language, { numeric: true });
  groups.unseen.sort((a, b) => names.compare(a.client, b.client));
  groups.delivered.sort((a, b) => names.compare(a.client, b.client));
  groups.seen.sort((a, b) => (seenAt(b) < seenAt(a) ? -1 : seenAt(b) > seenAt(a) ? 1 : names.compare(a.client, b.client)));
  return groups;
}

/** Letters without case and accents, so that "cadiz" finds "Cádiz". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
