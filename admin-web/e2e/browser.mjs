// The browser: every page is watched for errors and for violations of the content security policy.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { env } from "./env.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the console of any page complained about; a refused log-in or a lost hub is expected where it is provoked. */
export const complaints = [];
export const expected = [/status of (401|404|409)/, /net::ERR_|WebSocket connection to/];

export function launch() {
  return chromium.launch({
    executablePath: env.chromium,
    args: [
      "--no-sandbox", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-first-run", "--no-default-browser-check",
    ],
  });
}

export async function open(browser, { path = "/", url = env.url, width = 1280, height = 860, theme = "light", locale = "es-ES" } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, locale, colorScheme: theme, viewport: { width, height }, permissions: ["clipboard-read", "clipboard-write"],
  });
  // A build server may have its two cores busy with something else.
  context.setDefaultTimeout(25_000);
  const page = await context.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((one) => one.test(text))) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  await page.goto(url + path);
  return page;
}

export async function enter(page, { username, password }) {
  await page.fill("#login-username", username);
  await page.fill("#login-password", password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-testid=link-status][data-phase=live]");
}

/** The check holds, now or soon: what an action changes comes when the machine has time for it. */
export async function soon(check) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** To a place of the panel, by its side or by the drawer of a narrow window. */
export async function goTo(page, path) {
  const burger = page.getByRole("button", { name: /^(Abrir el menú|Open the menu)$/ });
  if (await burger.isVisible()) await burger.click();
  await page.click(`nav[data-places] a[href='${path}']`);
}

/** Faults that axe finds; evaluated over the protocol, since the page's policy rightly refuses foreign scripts. */
export async function faults(page) {
  await stillness(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: `${axe};0` });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
      violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" · "))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return JSON.parse(result.value);
}

/** Until what fades in or slides has arrived: half-faded words have no contrast. What turns for ever is not waited for. */
async function stillness(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    // Two frames: what has just been rendered begins to move in the next one.
    await frame();
    await frame();
    const moving = () => document.getAnimations().filter(({ effect, playState }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity);
    while (moving().length > 0) await Promise.allSettled(moving().map(({ finished }) => finished));
  });
}

/** How far the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
