// The command line that enrols a branch PC, quoted so that a name with spaces survives the shell.
import type { EnrolmentCode } from "../api/types";

export const SYSTEMS = ["linux", "windows"] as const;
export type System = (typeof SYSTEMS)[number];

/** How long a code may live, in seconds. */
export const LIVES = [3_600, 86_400, 604_800, 2_592_000, 7_776_000] as const;

/** The most PCs that one code may enrol; the hub checks it again. */
export const MOST_USES = 10_000;

const PROGRAM: Record<System, string> = { linux: "pregon-tray", windows: "pregon-tray.exe" };
/** What each system calls the PC it runs on: one line for all of them. */
const OWN_NAME: Record<System, string> = { linux: '"$(hostname)"', windows: '"%COMPUTERNAME%"' };

/**
 * The parts of the command. Without a name each PC takes its own. The hub's address is the one this browser reaches it by:
 * what works here most likely works for the branch.
 */
export function enrolCommand(enrolment: EnrolmentCode, name: string | null, host: string, port: string, system: System = "linux"): string[] {
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return [
    `${PROGRAM[system]} enrol`,
    `--hub ${shown}:${port || "443"}`,
    `--name ${name === null ? OWN_NAME[system] : quoted(name)}`,
    `--code ${enrolment.code}`,
    `--ca-fingerprint ${enrolment.ca_fingerprint}`,
  ];
}

/** Double quotes work in cmd, PowerShell and sh alike, for all that a name may hold. */
function quoted(name: string): string {
  return /^[\p{L}\p{N}._-]+$/u.test(name) ? name : `"${name.replace(/["\\$`]/g, "\\$&")}"`;
}
