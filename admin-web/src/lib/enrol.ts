// The command line that enrols a branch PC, quoted so that a name with spaces survives the shell.
import type { EnrolmentCode } from "../api/types";

/** The parts of the command. The hub's address is the one this browser reaches it by: what works here most likely works for the branch. */
export function enrolCommand(enrolment: EnrolmentCode, name: string, host: string, port: string): string[] {
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return [
    "pregon-tray enrol",
    `--hub ${shown}:${port || "443"}`,
    `--name ${quoted(name)}`,
    `--code ${enrolment.code}`,
    `--ca-fingerprint ${enrolment.ca_fingerprint}`,
  ];
}

/** Double quotes work in cmd, PowerShell and sh alike, for all that a name may hold. */
function quoted(name: string): string {
  return /^[\p{L}\p{N}._-]+$/u.test(name) ? name : `"${name.replace(/["\\$`]/g, "\\$&")}"`;
}
