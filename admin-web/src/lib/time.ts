// Times as people read them. Everything takes `now`, so that it can be tested and follows the hub's clock.

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "3 seconds ago", in the shortest form of the language; a time in the future counts as now. */
export function ago(then: number, now: number, language: string): string {
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  const format = new Intl.RelativeTimeFormat(language, { style: "short", numeric: "always" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  }
  // Minus zero is the past: "0 seconds ago", not "in 0 seconds".
  return format.format(-0, "second");
}

/** "4 min 12 s": the two largest units of a span. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "10:02:31", with the date in front when it was another day. */
export function clock(then: number, now: number, language: string): string {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(then);
  if (sameDay(then, now)) return time;
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }).format(then);
  return `${date} ${time}`;
}

/** "10:02" on the same day, the short date otherwise. */
export function brief(then: number, now: number, language: string): string {
  const options: Intl.DateTimeFormatOptions = sameDay(then, now)
    ? { hour: "2-digit", minute: "2-digit", hour12: false }
    : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, options).format(then);
}

/** Date, time to the millisecond and zone: what a hover shows. */
export function exact(then: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
    hour12: false, timeZoneName: "short",
  }).format(then);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
