// What a sender may choose beyond the words: when, for how long, which answers, and whether it is only an exercise.
import type { NewAlert, Scheduled } from "../api/types";

export const EVERY = ["day", "weekday", "week"] as const;
export type Every = (typeof EVERY)[number];

/** Seconds that an alert is worth showing; beside these, the hub's usual time and a number of hours of one's own. */
export const EXPIRIES = [900, 3_600, 28_800, 86_400, 604_800] as const;
export type Expiry = "usual" | "own" | `${number}`;

// The limits of the wire; the hub checks them again.
export const MOST_REPLIES = 8;
export const REPLY_CHARS = 200;
const LONGEST_HOURS = 366 * 24;
const YEAR_MS = 366 * 24 * 60 * 60_000;

export interface Timing {
  later: boolean;
  /** Local time as a field for date and time says it. */
  at: string;
  repeat: "once" | Every;
  /** The last day, local; the empty string for no end. */
  until: string;
}

export interface Options extends Timing {
  expiry: Expiry;
  ownHours: string;
  replies: readonly string[];
  freeReply: boolean;
  drill: boolean;
}

export type OptionFlaw = "no_time" | "past" | "too_far" | "until_early" | "expiry";

export const noOptions: Options = {
  later: false, at: "", repeat: "once", until: "", expiry: "usual", ownHours: "", replies: [], freeReply: false, drill: false,
};

export function optionFlaws(options: Options, now: number): OptionFlaw[] {
  const found: OptionFlaw[] = [];
  if (options.later) {
    const at = Date.parse(options.at);
    if (Number.isNaN(at)) found.push("no_time");
    else if (at < now - 60_000) found.push("past");
    else if (at > now + YEAR_MS) found.push("too_far");
    else if (options.repeat !== "once" && options.until && endOf(options.until) < at) found.push("until_early");
  }
  if (options.expiry === "own" && !(hours(options) > 0 && hours(options) <= LONGEST_HOURS)) found.push("expiry");
  return found;
}

function hours({ ownHours }: Options): number {
  return Number(ownHours.replace(",", "."));
}

function endOf(day: string): number {
  return Date.parse(`${day}T23:59:59`);
}

export function optionRequest(options: Options, zone: string): Partial<NewAlert> {
  const seconds = options.expiry === "own" ? Math.round(hours(options) * 3_600) : Number(options.expiry);
  return {
    ...(options.later && timing(options, zone)),
    ...(options.expiry !== "usual" && { expires_in_s: seconds }),
    ...(options.replies.length > 0 && { replies: [...options.replies] }),
    ...(options.freeReply && { free_reply: true }),
    ...(options.drill && { drill: true }),
  };
}

function timing({ at, repeat, until }: Options, zone: string): Partial<NewAlert> {
  const send_at = new Date(at).toISOString();
  if (repeat === "once") return { send_at };
  const end = until && new Date(endOf(until)).toISOString();
  return { send_at, repeat: { every: repeat, time_zone: zone, ...(end && { until: end }) } };
}

/** The choices that a planned alert was made with, to change them. */
export function optionsOf(planned: Scheduled): Options {
  const seconds = planned.expires_in_s ?? null;
  const known = EXPIRIES.find((one) => one === seconds);
  return {
    later: true,
    at: localTime(Date.parse(planned.next_at)),
    repeat: planned.repeat?.every ?? "once",
    until: planned.repeat?.until ? localTime(Date.parse(planned.repeat.until)).slice(0, 10) : "",
    expiry: seconds === null ? "usual" : known ? `${known}` : "own",
    ownHours: seconds !== null && !known ? String(Math.round((seconds / 3_600) * 100) / 100) : "",
    replies: planned.replies,
    freeReply: planned.free_reply,
    drill: planned.drill,
  };
}

/** A moment as a field for date and time takes it: local, to the minute. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** How many choices differ from what a sender gets without choosing. */
export function chosen(options: Options): number {
  const { later, expiry, replies, freeReply, drill } = options;
  return [later, expiry !== "usual", replies.length > 0, freeReply, drill].filter(Boolean).length;
}

/** With one more answer, unless it is empty, known, or one too many. */
export function withReply(replies: readonly string[], typed: string): readonly string[] {
  const reply = typed.trim();
  return reply === "" || replies.includes(reply) || replies.length >= MOST_REPLIES ? replies : [...replies, reply];
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
