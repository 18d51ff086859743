// Every place of the panel in both themes: no fault that axe finds, and nothing wider than the window.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, faults, launch, open, overflow } from "./browser.mjs";
import { env, mark } from "./env.mjs";
import { places, stands } from "./places.mjs";

let browser;
let board;

before(async () => {
  browser = await launch();
  const admin = await asAdmin();
  const agent = await Agent.enrolled(`Ávila ${mark}`);
  await agent.start();
  const text = `Prueba de todas las páginas ${mark}`;
  const { id } = await json(admin.post("/api/alerts", { data: { audience: { kind: "global" }, severity: "warning", text } }));
  await agent.alert(text);
  agent.say({ id, state: "displayed" });
  await json(admin.post("/api/events", { data: { source: `router-${mark}`, severity: "error", message: "Latencia elevada en eth0" } }));
  await json(admin.post("/api/groups", { data: { name: `Sierra ${mark}`, members: [agent.name, `Sin alta ${mark}`] } }));
  board = `/alerts/${id}`;
  await admin.dispose();
});

after(async () => {
  await stopAll();
  await browser?.close();
});

for (const theme of ["light", "dark"]) {
  test(`no place has a fault or is too wide (${theme})`, async () => {
    const page = await open(browser, { path: "/admin", theme });
    await enter(page, { username: env.user, password: env.password });
    await stands(page);
    const found = [];
    for (const path of [...(await places(page)), board, `/groups/${encodeURIComponent(`Sierra ${mark}`)}`, "/no-such-page"]) {
      await go(page, path);
      for (const width of [1280, 640, 360, 320]) {
        await page.setViewportSize({ width, height: 760 });
        await page.waitForTimeout(120);
        const over = await overflow(page);
        if (over > 0) found.push(`${path} is ${over} px too wide at ${width}`);
        if (width === 1280 || width === 360) found.push(...(await faults(page)).map((fault) => `${path} at ${width}: ${fault}`));
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    }
    await page.context().close();
    assert.deepEqual(found, []);
  });
}

test("no page complained: no error, no warning, no violation of the policy", () => assert.deepEqual(complaints, []));

/** Within the panel: an address that is typed would end the session, whose token is in memory alone. */
async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  if (path !== "/no-such-page") await stands(page);
  else await page.getByText("Esta página no existe").last().waitFor();
}
