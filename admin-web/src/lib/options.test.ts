import { expect, test } from "vitest";
import { chosen, localTime, noOptions, optionFlaws, optionRequest, optionsOf, withReply, type Options } from "./options";

const now = Date.parse("2026-11-21T08:00:00");
const at = (options: Partial<Options>): Options => ({ ...noOptions, ...options });

test("without a choice nothing is said, and the hub's defaults hold", () => {
  expect(optionRequest(noOptions, "Europe/Madrid")).toEqual({});
  expect(chosen(noOptions)).toBe(0);
  expect(optionFlaws(noOptions, now)).toEqual([]);
});

test("a planned alert says its moment, and its zone only if it comes again", () => {
  const once = at({ later: true, at: "2026-11-22T09:30" });
  expect(optionRequest(once, "Europe/Madrid")).toEqual({ send_at: new Date("2026-11-22T09:30").toISOString() });
  const daily = optionRequest({ ...once, repeat: "day", until: "2026-12-24" }, "Europe/Madrid");
  expect(daily.repeat).toEqual({ every: "day", time_zone: "Europe/Madrid", until: new Date("2026-12-24T23:59:59").toISOString() });
});

test("what was typed and then put aside is not sent", () => {
  expect(optionRequest(at({ later: false, at: "2026-11-22T09:30", repeat: "day" }), "UTC")).toEqual({});
});

test("expiry is a known time or hours of one's own, with either decimal sign", () => {
  expect(optionRequest(at({ expiry: "3600" }), "UTC").expires_in_s).toBe(3600);
  expect(optionRequest(at({ expiry: "own", ownHours: "1,5" }), "UTC").expires_in_s).toBe(5400);
  for (const ownHours of ["", "0", "-3", "soon", "99999"]) expect(optionFlaws(at({ expiry: "own", ownHours }), now)).toEqual(["expiry"]);
});

test("a moment must be there, to come, and within a year", () => {
  const flaws = (moment: string, more: Partial<Options> = {}) => optionFlaws(at({ later: true, at: moment, ...more }), now);
  expect(flaws("")).toEqual(["no_time"]);
  expect(flaws("2026-11-20T09:00")).toEqual(["past"]);
  expect(flaws("2028-01-01T09:00")).toEqual(["too_far"]);
  expect(flaws("2026-11-22T09:00", { repeat: "day", until: "2026-11-21" })).toEqual(["until_early"]);
  expect(flaws("2026-11-22T09:00", { repeat: "day", until: "2026-11-22" })).toEqual([]);
});

test("answers are trimmed, each once, and no more than eight", () => {
  expect(withReply(["Sí"], " No ")).toEqual(["Sí", "No"]);
  expect(withReply(["Sí"], "Sí")).toEqual(["Sí"]);
  const eight = Array.from({ length: 8 }, (_, index) => String(index));
  expect(withReply(eight, "nine")).toBe(eight);
});

test("a planned alert is taken apart and put together again", () => {
  const planned = {
    id: "A", audience: [{ kind: "global" as const }], severity: "info" as const, title: "", text: "x", replies: ["Sí"], free_reply: true,
    drill: true, expires_in_s: 5_400, from: "ana", created_at: "2026-11-21T08:00:00.000Z", next_at: new Date("2026-11-22T09:30").toISOString(),
    repeat: { every: "weekday" as const, time_zone: "UTC" },
  };
  const options = optionsOf(planned);
  expect(options).toMatchObject({ later: true, at: "2026-11-22T09:30", repeat: "weekday", until: "", expiry: "own", ownHours: "1.5" });
  expect(optionRequest(options, "UTC")).toMatchObject({ send_at: planned.next_at, expires_in_s: 5_400, replies: ["Sí"], free_reply: true, drill: true });
  expect(chosen(options)).toBe(5);
  expect(localTime(Date.parse("2026-01-02T03:04:05"))).toBe("2026-01-02T03:04");
});
