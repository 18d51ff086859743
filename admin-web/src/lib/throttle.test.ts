import { expect, test, vi } from "vitest";
import { throttled } from "./throttle";

test("the first call runs at once, a burst runs once more at its end", () => {
  vi.useFakeTimers();
  const run = vi.fn();
  const call = throttled(1_000, run);
  call();
  call();
  call();
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5_000);
  expect(run).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
