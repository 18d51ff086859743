// Pictures of every page in both themes, wide and narrow, for people to look at. SHOTS_DIR says where they go.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Agent, stopAll } from "./agent.mjs";
import { enter, launch, open } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const out = process.env.SHOTS_DIR ?? "shots";
mkdirSync(out, { recursive: true });

const browser = await launch();
const branches = await Promise.all(["Cádiz Centro", "Málaga Puerto", "Jaén"].map((name) => Agent.enrolled(`${name} ${mark}`)));
try {
  await Promise.all(branches.slice(0, 2).map((agent) => agent.start()));
  for (const [theme, locale, width] of [["light", "es-ES", 1280], ["dark", "en-GB", 1280], ["light", "en-GB", 360], ["dark", "es-ES", 360]]) {
    await tour(theme, locale, width);
  }
} finally {
  await stopAll();
  await browser.close();
}

async function tour(theme, locale, width) {
  const page = await open(browser, { path: "/admin", theme, locale, width, height: width < 500 ? 740 : 860 });
  const shot = async (name, fullPage = false) => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`), fullPage });
  };
  await page.waitForSelector("#login-password");
  await shot("login");
  await enter(page, { username: env.user, password: env.password });
  await page.waitForSelector("[data-testid=client]");
  await shot("start", true);
  await page.click("label[data-severity=critical]");
  await page.fill("#compose-text", "Salid del edificio por la escalera norte.\nPunto de encuentro: la plaza.");
  await page.click("[data-testid=send]");
  await page.waitForSelector("[data-testid=confirm-send]");
  await shot("confirm");
  await page.click("[data-testid=confirm-send]");
  await page.click("[data-testid=send-state][data-kind=good] a");
  const { id } = await branches[0].heard((line) => line.type === "alert" && !line.shown, "the alert");
  for (const line of branches[0].lines) line.shown = true;
  branches[0].say({ id, state: "displayed" });
  await page.mouse.move(2, 2);
  await shot("board", width < 500);
  await page.click("a[href='/events'] >> nth=0");
  await shot("events");
  await page.context().close();
}
