// A real agent without a screen: enrolled by a real code, its alerts read from its output, its receipts typed into its input.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { env, folder } from "./env.mjs";

const run = promisify(execFile);
const running = new Set();

export class Agent {
  constructor(name) {
    this.name = name;
    this.data = join(folder, name.replace(/[^\w-]/g, "_"));
    this.lines = [];
    this.waiters = new Set();
  }

  /** Enrols with a code of the hub's command line. */
  static async enrolled(name) {
    const { stdout } = await run(env.hub, ["client", "enrol", "--name", name, "--json", "--data", env.data]);
    const { code, ca_fingerprint: fingerprint } = JSON.parse(stdout);
    const agent = new Agent(name);
    await agent.enrol(["--hub", new URL(env.url).host, "--name", name, "--code", code, "--ca-fingerprint", fingerprint]);
    return agent;
  }

  async enrol(words) {
    await run(env.tray, ["enrol", ...words, "--data", this.data]);
  }

  /** Starts a second one under the same name and key, from a copy of everything the first keeps. */
  async startTwin() {
    const twin = new Agent(`${this.name} twin`);
    cpSync(this.data, twin.data, { recursive: true });
    twin.spawn();
    return twin;
  }

  async start() {
    this.spawn();
    await this.heard((line) => line.type === "status" && line.connected, `${this.name} to connect`);
    return this;
  }

  spawn() {
    this.child = spawn(env.tray, ["--headless", "--data", this.data], { stdio: ["pipe", "pipe", "inherit"] });
    running.add(this);
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.lines.push(JSON.parse(line));
      for (const waiter of this.waiters) waiter();
    });
  }

  async stop() {
    running.delete(this);
    if (!this.child || this.child.exitCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
    this.lines = [];
  }

  say(line) {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** The first line that fits, past or to come. */
  async heard(fits, what) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const line = this.lines.find(fits);
      if (line) return line;
      if (Date.now() > deadline) throw new Error(`waited 10 s for ${what}; heard ${JSON.stringify(this.lines.slice(-5))}`);
      await new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.waiters.delete(done);
          resolve();
        };
        const timer = setTimeout(done, 500);
        this.waiters.add(done);
      });
    }
  }

  alert(text) {
    return this.heard((line) => line.type === "alert" && line.text === text, `alert «${text}» at ${this.name}`);
  }
}

export async function stopAll() {
  await Promise.all([...running].map((agent) => agent.stop()));
  rmSync(folder, { recursive: true, force: true });
}
