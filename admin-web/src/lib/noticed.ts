// What the hub itself noticed, in the language of the reader: by its code, else as the hub wrote it.
import type { TFunction } from "i18next";
import type { Event } from "../api/types";

const CODES = [
  "alert_expired",
  "clock_back",
  "clock_forward",
  "drill_expired",
  "scheduled_unsent",
  "watch_back",
  "watch_silent",
] as const;

const TROUBLES = ["trouble", "trouble_over"] as const;

export function eventWords(event: Pick<Event, "channel" | "message" | "raw_payload">, t: TFunction): string {
  if (event.channel !== "hub") return event.message;
  const said = event.raw_payload as { code?: unknown; values?: unknown; labels?: { trouble?: unknown } };
  const values = plain(said.values);
  const code = CODES.find((one) => one === said.code);
  if (code) return t(`noticed.${code}`, values);
  const trouble = TROUBLES.find((one) => one === said.code);
  const name = said.labels?.trouble;
  if (!trouble || typeof name !== "string") return event.message;
  // A trouble that this panel does not know yet is said as the hub wrote it.
  const what = t(`trouble.${name}.what` as "trouble.disk_full.what", { defaultValue: "", about: "", ...values });
  return what === "" ? event.message : t(`noticed.${trouble}`, { what });
}

function plain(values: unknown): Record<string, string | number> {
  const entries = typeof values === "object" && values !== null ? Object.entries(values) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string | number] => ["string", "number"].includes(typeof entry[1])));
}
