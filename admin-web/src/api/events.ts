// What the events page asks the hub for: found events, mail, what happened, numbers; and what it sends.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { throttled } from "../lib/throttle";
import { api, unwrap } from "./client";
import { paged, queryClient } from "./queries";
import type { EmailList, EmailStatus, Event, EventList, EventReport, Severity } from "./types";

const PAGE = 100;
const REFETCH_MS = 2_000;

export interface EventFilter {
  severity: Severity | undefined;
  channel: string | undefined;
  search: string;
}

export function foundEventsQuery({ severity, channel, search }: EventFilter) {
  return infiniteQueryOptions({
    queryKey: ["found-events", { severity, channel, search }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }), ...(severity && { severity }), ...(channel && { channel }), ...(search && { search }) };
      return unwrap(api.GET("/api/events", { signal, params: { query } }));
    },
    staleTime: 0,
    ...paged,
  });
}

export interface EmailFilter {
  status: EmailStatus | undefined;
  search: string;
}

export function emailsQuery({ status, search }: EmailFilter) {
  return infiniteQueryOptions({
    queryKey: ["emails", { status, search }] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }), ...(status && { status }), ...(search && { search }) };
      return unwrap(api.GET("/api/emails", { signal, params: { query } }));
    },
    ...paged,
  });
}

export const tracesQuery = infiniteQueryOptions({
  queryKey: ["traces"] as const,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
    return unwrap(api.GET("/api/events/audit", { signal, params: { query } }));
  },
  ...paged,
});

export const statsQuery = queryOptions({
  queryKey: ["stats"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/stats", { signal })),
});

export function seriesQuery(hours: number) {
  return queryOptions({
    queryKey: ["series", hours] as const,
    queryFn: ({ signal }) => unwrap(api.GET("/api/stats/series", { signal, params: { query: { hours } } })),
    // The window moves on even if nothing happens.
    refetchInterval: 60_000,
  });
}

const refetchEvents = throttled(REFETCH_MS, () => {
  for (const key of ["stats", "series", "found-events", "traces"]) void queryClient.invalidateQueries({ queryKey: [key] });
});
const refetchEmails = throttled(REFETCH_MS, () => {
  for (const key of ["stats", "emails", "traces"]) void queryClient.invalidateQueries({ queryKey: [key] });
});

/** An event arrived, or an attempt to mail: numbers and found lists come from the hub, at most every two seconds. */
export function eventsHeard(): void {
  refetchEvents();
}

export function emailsHeard(): void {
  refetchEmails();
}

export function createEvent(body: EventReport) {
  return unwrap(api.POST("/api/events", { body }));
}

export function recordDemo() {
  return unwrap(api.POST("/api/events/demo"));
}

export function testMail(to: string) {
  return unwrap(api.POST("/api/emails/test", { body: { ...(to && { to }) } }));
}

export function importEvents(events: readonly Event[], isTry: boolean) {
  const body = { events: events.map(({ created_at, source, severity, message, channel, raw_payload }) => ({ created_at, source, severity, message, channel, raw_payload })) };
  return unwrap(api.POST("/api/events/import", { params: { query: { dry_run: isTry } }, body }));
}

const MOST = 20_000;

/** Events, mail and numbers as one file; beyond 20,000 of each the newest. */
export async function exportAll(): Promise<Blob> {
  const [statistics, events, emails] = await Promise.all([unwrap(api.GET("/api/stats")), allEvents(), allEmails()]);
  const file = { kind: "pregon-events", version: 1, exported_at: new Date().toISOString(), statistics, events, emails };
  return new Blob([JSON.stringify(file, null, 1)], { type: "application/json" });
}

async function allEvents(): Promise<Event[]> {
  return all(async (cursor): Promise<[Event[], string | null | undefined]> => {
    const page: EventList = await unwrap(api.GET("/api/events", { params: { query: { limit: 500, ...(cursor && { cursor }) } } }));
    return [page.events, page.next_cursor];
  });
}

async function allEmails(): Promise<EmailList["emails"]> {
  return all(async (cursor): Promise<[EmailList["emails"], string | null | undefined]> => {
    const page: EmailList = await unwrap(api.GET("/api/emails", { params: { query: { limit: 500, ...(cursor && { cursor }) } } }));
    return [page.emails, page.next_cursor];
  });
}

async function all<T>(fetchPage: (cursor: string | undefined) => Promise<[T[], string | null | undefined]>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const [page, next] = await fetchPage(cursor);
    items.push(...page);
    cursor = next ?? undefined;
  } while (cursor && items.length < MOST);
  return items;
}
