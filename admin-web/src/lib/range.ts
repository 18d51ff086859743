// A range of days as the address says it: so many days up to today, or from a day to a day.

export const SPANS = [7, 30, 90, 365] as const;
export type Span = (typeof SPANS)[number];

/** What a page takes over from its address; nothing is the usual span. */
export interface Ranged {
  days?: Span;
  from?: string;
  to?: string;
}

export const USUAL: Span = 30;
export const MOST_DAYS = 366;

export function asRange(search: Record<string, unknown>): Ranged {
  const { days, from, to } = search;
  if (isDay(from) && isDay(to)) return { from, to };
  const span = SPANS.find((known) => known === Number(days));
  return span === undefined || span === USUAL ? {} : { days: span };
}

function isDay(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The two days that a range means today. */
export function daysOf({ days = USUAL, from, to }: Ranged, now: number): { from: string; to: string } {
  if (from && to) return { from, to };
  return { from: day(now, days - 1), to: day(now, 0) };
}

/** The day so many days ago, where the browser is. */
export function day(now: number, ago: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() - ago);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export type RangeFlaw = "order" | "long";

export function flaw(from: string, to: string): RangeFlaw | null {
  const length = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (length < 0) return "order";
  return length >= MOST_DAYS ? "long" : null;
}

/** Noon of a day where the browser is, in seconds: a point of a chart. */
export function point(text: string): number {
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return new Date(year, month - 1, date, 12).getTime() / 1000;
}
