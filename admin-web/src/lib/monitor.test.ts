import { describe, expect, test } from "vitest";
import type { Sample } from "../api/types";
import { asMonitorPlace, bytes, rates, values } from "./monitor";

const sample = (second: number, messages_in: number): Sample => ({
  at: new Date(second * 1_000).toISOString(),
  connections: 0, panels: 0, sensors: 0, messages_in, messages_out: 0, queue_depth: 0, mails_waiting: 0, webhooks_waiting: 0,
  commit_ms: 0, commit_worst_ms: 0, commit_failures: 0, traffic_errors: 0, database_bytes: 0,
});

describe("the monitor", () => {
  test("a counter is a rate, and a restart of the hub is a gap", () => {
    const samples = [sample(0, 100), sample(10, 200), sample(20, 5), sample(20, 9), sample(30, 9)];
    expect(rates(samples, ({ messages_in }) => messages_in)).toEqual([null, 10, null, null, 0]);
  });

  test("what the machine does not tell is a gap", () => {
    expect(values([sample(0, 1)], ({ cpu_percent }) => cpu_percent)).toEqual([null]);
  });

  test("bytes are told in a unit that fits", () => {
    const table: [number, string][] = [[0, "0 B"], [1_023, "1,023 B"], [1_536, "1.5 KiB"], [150 * 1_048_576, "150 MiB"], [3 * 2 ** 40, "3 TiB"]];
    for (const [count, expected] of table) expect(bytes(count, "en")).toBe(expected);
  });

  test("the address is read by this table", () => {
    expect(asMonitorPlace({ tab: "traffic", span: "week" })).toEqual({ tab: "traffic", span: "week" });
    expect(asMonitorPlace({ tab: "traffic", of: "sensor" })).toEqual({ tab: "traffic", of: "sensor" });
    expect(asMonitorPlace({ of: "dog" })).toEqual({});
    expect(asMonitorPlace({ tab: "x", kind: "y", span: "day", search: "" })).toEqual({});
    expect(asMonitorPlace({ kind: "rejected", search: "sol" })).toEqual({ kind: "rejected", search: "sol" });
  });
});
