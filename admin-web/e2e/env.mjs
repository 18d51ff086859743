// What the harness tells: where the hub is, and the programs that go with it.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these journeys run against a real hub`);
  return value;
}

export const env = {
  url: needed("E2E_URL").replace(/\/$/, ""),
  user: process.env.E2E_USER ?? "admin",
  password: needed("E2E_PASSWORD"),
  hub: needed("E2E_HUB"),
  data: needed("E2E_DATA"),
  tray: needed("E2E_TRAY"),
  events: process.env.E2E_EVENTS,
  pid: Number(process.env.E2E_PID ?? 0),
  chromium: process.env.CHROMIUM ?? "/usr/bin/chromium",
};

/** A folder of this run for everything that agents keep. */
export const folder = mkdtempSync(join(tmpdir(), "pregon-e2e-"));

/** Keeps names of this run apart from what the hub knows already. */
export const mark = Math.random().toString(36).slice(2, 6);
