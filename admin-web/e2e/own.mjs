// A hub of one's own beside that of the harness, for journeys that need other settings; and a mail server that takes everything.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { request } from "playwright-core";
import { env } from "./env.mjs";

/** Starts a hub with settings from the environment; `as` opens a door to its HTTP interface. */
export async function ownHub(settings) {
  const data = mkdtempSync(join(tmpdir(), "pregon-own-"));
  const password = `of its own ${Math.random()}`;
  const free = { PREGON_HTTPS_LISTEN: "127.0.0.1:0", PREGON_EVENTS_LISTEN: "127.0.0.1:0", PREGON_EVENTS_TLS_LISTEN: "127.0.0.1:0" };
  const child = spawn(env.hub, ["serve", "--data", data], {
    env: { ...process.env, ...free, PREGON_ADMIN_PASSWORD: password, ...settings }, stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (some) => (said = (said + some).slice(-2_000)));
  const ready = join(data, "ready.json");
  for (let tries = 0; !existsSync(ready) || readFileSync(ready, "utf8") === ""; tries += 1) {
    if (child.exitCode !== null || tries > 300) throw new Error(`the hub did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const url = `https://${JSON.parse(readFileSync(ready, "utf8")).https}`;
  const root = { username: "admin", password };
  return { url, root, as: (path, who) => door(url, path, who), stop: () => stop(child, data) };
}

async function door(url, path, data) {
  const anonymous = await request.newContext({ baseURL: url, ignoreHTTPSErrors: true });
  const answer = await anonymous.post(path, { data });
  const { token } = await answer.json();
  await anonymous.dispose();
  return request.newContext({ baseURL: url, ignoreHTTPSErrors: true, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
}

async function stop(child, data) {
  if (child.exitCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }
  rmSync(data, { recursive: true, force: true });
}

/** A mail server on a free port; `letters` grows with what it is given. */
export async function mailServer() {
  const letters = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mail.test ESMTP\r\n");
    let letter;
    createInterface({ input: socket }).on("line", (line) => {
      if (letter) {
        if (line !== ".") return letter.push(line);
        letters.push(letter.join("\n"));
        letter = undefined;
        return socket.write("250 taken\r\n");
      }
      const word = line.slice(0, 4).toUpperCase();
      if (word === "DATA") letter = [];
      socket.write({ EHLO: "250 mail.test\r\n", DATA: "354 go on\r\n", QUIT: "221 bye\r\n" }[word] ?? "250 fine\r\n");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: server.address().port, letters, stop: () => new Promise((done) => server.close(done)) };
}
