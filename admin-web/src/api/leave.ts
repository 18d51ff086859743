// The way out: ends the session here at once; the hub is told, and an answer is not waited for.
import { end } from "../lib/session";
import { api } from "./client";
import { forget } from "./queries";

export function leave(): void {
  void api.POST("/api/logout").catch(() => undefined);
  forget();
  end("left");
}
