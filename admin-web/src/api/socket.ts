// The live link: opens the socket, keeps it alive, comes back by itself, and hands frames on in batches.
import { backoff, OFF, reduce, type Change } from "../lib/link";
import { end } from "../lib/session";
import { createStore } from "../lib/store";
import type { PanelFrame } from "./types";

export const link = createStore(OFF);

const PING_MS = 5_000;
const SILENCE_MS = 9_000;
const SESSION_ENDED = 4401;

type OnFrames = (frames: PanelFrame[]) => void;

function change(what: Change): void {
  link.set((old) => reduce(old, what));
}

/** Keeps a link open until the returned function is called. */
export function keepLink(token: string, onFrames: OnFrames): () => void {
  const batch = batched(onFrames);
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function open(): void {
    clearTimeout(retry);
    change({ kind: "connecting" });
    const address = new URL("/ws/panel", location.origin);
    address.protocol = address.protocol === "http:" ? "ws:" : "wss:";
    const mine = new WebSocket(address);
    socket = mine;
    const opened = Date.now();
    let heard = opened;
    const heartbeat = setInterval(() => {
      if (Date.now() - heard > SILENCE_MS) lose();
      else if (mine.readyState === WebSocket.OPEN) mine.send('{"action":"ping"}');
    }, PING_MS);

    function lose(): void {
      clearInterval(heartbeat);
      if (socket !== mine || stopped) return;
      socket = null;
      mine.close();
      const wait = backoff(link.get().attempts, Math.random());
      change({ kind: "lost", at: Date.now(), retryAt: Date.now() + wait });
      retry = setTimeout(open, wait);
    }

    mine.onopen = () => mine.send(JSON.stringify({ action: "auth", token }));
    mine.onmessage = ({ data }) => {
      heard = Date.now();
      const frame = parse(data);
      if (frame?.type === "hello") change({ kind: "hello", hello: frame.data, at: heard });
      else change({ kind: "heard", at: heard });
      if (frame) batch(frame);
    };
    mine.onclose = ({ code }) => {
      if (code === SESSION_ENDED && socket === mine) end("expired");
      lose();
    };
  }

  function now(): void {
    if (socket === null && !stopped && document.visibilityState === "visible") open();
  }

  addEventListener("online", now);
  document.addEventListener("visibilitychange", now);
  retryNow = now;
  open();
  return () => {
    stopped = true;
    clearTimeout(retry);
    removeEventListener("online", now);
    document.removeEventListener("visibilitychange", now);
    socket?.close(1000);
    change({ kind: "stopped" });
  };
}

let retryNow = (): void => undefined;

/** Tries at once instead of waiting. */
export function reconnect(): void {
  retryNow();
}

function parse(data: unknown): PanelFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as PanelFrame) : null;
  } catch {
    return null;
  }
}

/** Gathers frames until the next animation frame, so that a burst of receipts draws once. A hidden tab gets no animation frames: there a timer does it. */
function batched(onFrames: OnFrames): (frame: PanelFrame) => void {
  let waiting: PanelFrame[] = [];
  function flush(): void {
    const frames = waiting;
    waiting = [];
    if (frames.length > 0) onFrames(frames);
  }
  return (frame) => {
    waiting.push(frame);
    if (waiting.length > 1) return;
    requestAnimationFrame(flush);
    setTimeout(flush, 400);
  };
}
