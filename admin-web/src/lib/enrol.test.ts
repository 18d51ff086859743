import { expect, test } from "vitest";
import { enrolCommand } from "./enrol";

const enrolment = { id: 1, code: "AAAA-BBBB", uses: 1, expires_at: "2026-11-22T10:00:00.000Z", ca_fingerprint: "3f9a" };
const line = (name: string, host = "hub.example", port = "8443") => enrolCommand(enrolment, name, host, port).join(" ");

test("the command is complete", () => {
  expect(line("Cádiz-1")).toBe("pregon-tray enrol --hub hub.example:8443 --name Cádiz-1 --code AAAA-BBBB --ca-fingerprint 3f9a");
});

test("names and addresses survive a shell", () => {
  expect(line("Caja Sur 2")).toContain('--name "Caja Sur 2" ');
  expect(line('a"$b')).toContain('--name "a\\"\\$b" ');
  expect(line("x", "fd00::1", "")).toContain("--hub [fd00::1]:443 ");
});

test("one line enrols many, each under its own name", () => {
  const many = (system: "linux" | "windows") => enrolCommand(enrolment, null, "hub.example", "8443", system).join(" ");
  expect(many("linux")).toContain('pregon-tray enrol --hub hub.example:8443 --name "$(hostname)" ');
  expect(many("windows")).toContain('pregon-tray.exe enrol --hub hub.example:8443 --name "%COMPUTERNAME%" ');
});
