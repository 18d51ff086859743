// The monitor as the administrator uses it: figures and charts, traffic, who came and went; and the banner of a hub in trouble.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import { Agent } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
let browser;
let api;

before(async () => {
  browser = await launch();
  api = await asAdmin();
});

after(async () => {
  await api?.dispose();
  await browser?.close();
});

async function asAdministrator(path, run, look = {}) {
  const page = await open(browser, { path, ...look });
  try {
    await page.getByRole("button", { name: /^(Entrar como administrador|Sign in as administrator|Log in as administrator)/ }).click();
    await enter(page, root);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const files = (limit) => execFileSync("prlimit", ["--pid", String(env.pid), `--nofile=${limit}:`]);
const allowed = () => execFileSync("prlimit", ["--pid", String(env.pid), "--nofile", "--raw", "--noheadings", "--output", "SOFT"]).toString().trim();

describe("monitor", () => {
  test("figures stand as tiles, charts and tables, and stay fresh", async () => {
    await asAdministrator("/monitor", async (page) => {
      await page.getByRole("heading", { level: 1, name: "Monitor" }).waitFor();
      await soon(async () => assert.match(await page.getByTestId("monitor-memory").innerText(), /MiB/));
      await soon(async () => assert.match(await page.getByTestId("monitor-certificate").innerText(), /^\d+ días$/));
      await soon(async () => assert.match(await page.getByTestId("monitor-fresh").innerText(), /Actualizado hace \d+ s/));
      await page.waitForFunction(() => document.querySelectorAll("main canvas").length >= 9, undefined, { timeout: 30_000 });
      const memory = page.getByRole("region", { name: "Memoria" });
      await memory.getByText("Tabla", { exact: true }).click();
      await memory.locator("tbody tr").first().waitFor();
      await page.getByText("Última semana", { exact: true }).click();
      await page.waitForURL(/span=week/);
      await soon(async () => assert.doesNotMatch(await page.getByTestId("monitor-fresh").innerText(), /no responde/));
      assert.deepEqual(await faults(page), []);
    });
  });

  test("traffic shows what passes, and the log who came, left and was refused", async () => {
    const name = `quito-${mark}`;
    const agent = await Agent.enrolled(name);
    await asAdministrator("/monitor?tab=traffic", async (page) => {
      await page.getByRole("heading", { name: "Mensajes" }).waitFor();
      await agent.start();
      await json(api.post("/api/alerts", { data: { audience: { kind: "private", name }, severity: "info", text: "nadie debe leer esto aquí" } }));
      await page.getByTestId("traffic-frame").filter({ hasText: name }).filter({ hasText: "alert ·" }).waitFor();
      assert.equal(await page.getByText("nadie debe leer esto").count(), 0);
      await page.getByTestId("traffic-frame").filter({ hasText: "Panel" }).filter({ hasText: "admin" }).first().waitFor();
      await page.getByText("Sensores", { exact: true }).click();
      await page.waitForURL(/of=sensor/);
      const [host, port] = env.events.split(":");
      const sensor = connect(Number(port), host, () => sensor.write("no json\n"));
      await page.getByTestId("traffic-error").filter({ hasText: "no es JSON" }).first().waitFor();
      sensor.destroy();
      await page.getByTestId("traffic-frame").filter({ hasText: name }).waitFor({ state: "detached" });
      await page.getByText("Todo", { exact: true }).first().click();
      const twin = await agent.startTwin();
      await page.getByTestId("traffic-error").filter({ hasText: "nombre en uso" }).waitFor({ timeout: 20_000 });
      await twin.stop();
      await agent.stop();
      await page.getByRole("link", { name: "Conexiones" }).click();
      await page.fill("[data-search]", name);
      await page.waitForURL(/search=quito/);
      const entries = page.getByTestId("connection-entry").filter({ hasText: name });
      await page.waitForFunction(() => document.querySelectorAll("[data-testid=connection-entry]").length >= 2);
      await entries.filter({ hasText: "Se fue" }).first().waitFor();
      await entries.filter({ hasText: "Se conectó" }).first().waitFor();
      // Who was not let in is gathered for some seconds before it is written down.
      await soon(async () => {
        await page.getByRole("button", { name: "Actualizar" }).click();
        await entries.filter({ hasText: "Rechazado" }).first().waitFor({ timeout: 500 });
      });
      await page.getByText("Rechazos", { exact: true }).click();
      await page.waitForURL(/kind=rejected/);
      await entries.filter({ hasText: "nombre en uso" }).first().waitFor();
      assert.deepEqual(await faults(page), []);
    });
  });

  test("a hub that keeps its sensors out says so on every page, and says when it is over", async () => {
    const before = allowed();
    await asAdministrator("/events", async (page) => {
      await page.waitForSelector("main h1", { state: "attached" });
      const banner = page.getByTestId("trouble-banner");
      await soon(async () => assert.equal(await banner.getByText("events.listen").count(), 0));
      const [host, port] = env.events.split(":");
      let knocking;
      try {
        files(3);
        knocking = connect(Number(port), host);
        knocking.on("error", () => undefined);
        await banner.getByText("events.listen no acepta conexiones.").waitFor({ timeout: 15_000 });
      } finally {
        files(before);
      }
      await banner.getByText("events.listen").waitFor({ state: "detached", timeout: 15_000 });
      knocking.destroy();
    });
  });

  test("in both languages and themes, narrow and wide, nothing is cut and axe finds nothing", async () => {
    for (const look of [{ theme: "dark", locale: "en-GB", width: 360, height: 740 }, { theme: "light", width: 360, height: 740 }]) {
      for (const path of ["/monitor", "/monitor?tab=traffic", "/monitor?tab=connections"]) {
        await asAdministrator(path, async (page) => {
          await page.waitForSelector("main h1");
          await page.waitForTimeout(500);
          assert.equal(await overflow(page), 0, `${path} ${look.theme}`);
          assert.deepEqual(await faults(page), [], `${path} ${look.theme}`);
        }, look);
      }
    }
  });

  test("no page complained", () => assert.deepEqual(complaints, []));
});
