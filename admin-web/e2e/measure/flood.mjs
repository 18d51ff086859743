// How fluid the panel stays while an alert to thousands of agents comes back as three receipts each. By hand: `./dev flood`.
// Prints a table row a page; nothing is asserted, since a busy machine would fail.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { asAdmin, json } from "../api.mjs";
import { enter, launch, open } from "../browser.mjs";
import { env } from "../env.mjs";

const agents = Number(process.env.FLOOD_AGENTS ?? 10_000);
const swarm = spawn(
  process.env.E2E_SWARM ?? "target/debug/pregon-swarm",
  ["agents", "--hub", new URL(env.url).host, "--ca", join(env.data, "tls/ca.pem"), "--count", String(agents), "--seconds", "1800"],
  { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, PREGON_ADMIN_PASSWORD: env.password } },
);
const browser = await launch();
try {
  await until("all agents to be online", 900, async () => (await online()) >= agents);
  console.log("| page | agents | receipts | until all are shown | longest task | tasks over 50 ms | blocked in all | longest gap between frames |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const where of ["board", "start"]) await measure(where);
} finally {
  swarm.kill("SIGTERM");
  await browser.close();
}

async function online() {
  const admin = await asAdmin();
  const { total } = await json(admin.get("/api/clients?online=true&limit=1"));
  await admin.dispose();
  return total;
}

async function measure(where) {
  const page = await open(browser, { path: "/admin" });
  page.context().setDefaultTimeout(120_000);
  await enter(page, { username: env.user, password: env.password });
  await page.click("header a >> nth=0");
  await page.waitForSelector("[data-testid=client]");
  await page.fill("#compose-text", `A todas, desde ${where}`);
  await page.evaluate(watch);
  const begun = Date.now();
  await page.click("[data-testid=send]");
  await page.click("[data-testid=send-state][data-kind=good] a", { noWaitAfter: true });
  await page.waitForSelector("[data-testid=progress]");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  if (where === "start") await page.click("header a >> nth=0");
  await until("every receipt", 300, () => all(page, where, id));
  const took = Date.now() - begun;
  // What was put off until the flood was over counts, too.
  await page.waitForTimeout(3_000);
  const { tasks, gap } = await page.evaluate(() => globalThis.flood);
  const blocked = tasks.reduce((sum, task) => sum + task - 50, 0);
  const ms = (value) => `${Math.round(value)} ms`;
  console.log(
    `| ${where} | ${agents} | ${agents * 3} | ${(took / 1000).toFixed(1)} s | ${ms(Math.max(0, ...tasks))} | ${tasks.length} | ${ms(blocked)} | ${ms(gap)} |`,
  );
  await page.context().close();
}

/** In the page: long tasks, and the longest time without a frame. */
function watch() {
  const flood = { tasks: [], gap: 0 };
  globalThis.flood = flood;
  new PerformanceObserver((list) => flood.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  let last = performance.now();
  const frame = (now) => {
    flood.gap = Math.max(flood.gap, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Whether the page shows that everybody has seen it. */
async function all(page, where, id) {
  const text = where === "board" ? await page.locator("[data-testid=progress]").innerText() : await page.locator(`a[href='/alerts/${id}']`).first().innerText();
  const figures = text.replace(/[.,\s](?=\d{3})/g, "").match(/\d+/g) ?? [];
  return figures.filter((figure) => Number(figure) === agents).length >= 2;
}

async function until(what, seconds, isSo) {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
