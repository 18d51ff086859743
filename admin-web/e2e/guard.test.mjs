// The guard as the administrator sees it: a real stranger attacks, is kept out, and is let in again.
import assert from "node:assert/strict";
import { get } from "node:https";
import { after, before, describe, test } from "node:test";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, goTo, launch, open, overflow } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const marta = { username: `marta-${mark}`, password: `correct horse ${mark}` };
// What the forms are refused here, the browser writes into its console.
expected.push(/status of 422/);

let browser;
let admin;

before(async () => {
  browser = await launch();
  admin = await asAdmin();
  await json(admin.post("/api/users", { data: { ...marta, role: "technician" } }));
});

after(async () => {
  await admin?.dispose();
  await browser?.close();
});

async function as(who, path, run, look = {}) {
  // Admin has a door of its own.
  const page = await open(browser, { path: who === root ? "/admin" : path, ...look });
  try {
    await enter(page, who);
    if (who === root) await goTo(page, path);
    await run(page);
  } finally {
    await page.context().close();
  }
}

/** What somebody at this address of the loopback hears: a status, or 0 where the door is shut before a word. */
function ask(from, path) {
  const { hostname, port } = new URL(env.url);
  return new Promise((told) => {
    const asked = get({ hostname, port, path, localAddress: from, rejectUnauthorized: false, agent: false, timeout: 5_000 }, (answer) => {
      answer.resume();
      told(answer.statusCode);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => told(0));
  });
}

const bans = (page) => page.getByTestId("ban");
const isOut = (status) => status === 403 || status === 0;

describe("guard", () => {
  test("an attacker is noticed, kept out, and let in again by admin", async () => {
    const stranger = "127.0.0.21";
    await as(root, "/guard", async (page) => {
      await page.getByRole("heading", { level: 1, name: "Guardián" }).waitFor();
      for (let turn = 0; turn < 30 && !isOut(await ask(stranger, "/")); turn += 1) await ask(stranger, `/.env?id=${turn}%27%20OR%201%3D1--`);
      assert.ok(isOut(await ask(stranger, "/")), "kept out");
      // Without a reload: the page hears of it.
      await page.locator("[data-testid=security-event][data-kind=ban]", { hasText: stranger }).first().waitFor();
      await page.getByRole("link", { name: "Bloqueos" }).click();
      await bans(page).filter({ hasText: stranger }).waitFor();
      assert.deepEqual(await faults(page), []);
      await bans(page).filter({ hasText: stranger }).getByTestId("unban").click();
      await page.getByTestId("confirm-delete").click();
      await bans(page).filter({ hasText: stranger }).waitFor({ state: "detached" });
      assert.equal(await ask(stranger, "/"), 200, "and comes in again");
    });
  });

  test("an address is banned by hand, with its reason, and trusted instead", async () => {
    await as(root, "/guard", async (page) => {
      await page.getByRole("link", { name: "Bloqueos" }).click();
      await page.getByTestId("new-ban").click();
      await page.getByLabel("Dirección IP").fill("mañana");
      await page.getByTestId("save-ban").click();
      await page.locator("[id$=-error]").first().waitFor();
      assert.deepEqual(await faults(page), []);
      await page.getByLabel("Dirección IP").fill("127.0.0.22");
      await page.getByLabel("Motivo", { exact: true }).fill(`Ruido ${mark}`);
      await page.getByTestId("save-ban").click();
      const row = bans(page).filter({ hasText: "127.0.0.22" });
      await row.getByText(`Ruido ${mark}`).waitFor();
      assert.ok(isOut(await ask("127.0.0.22", "/")));
      await row.getByRole("button", { name: "Confiar en 127.0.0.22" }).click();
      await page.getByTestId("save-trusted").click();
      await row.waitFor({ state: "detached" });
      assert.equal(await ask("127.0.0.22", "/"), 200);
      await page.getByRole("link", { name: "De confianza" }).click();
      const trusted = page.getByTestId("trusted").filter({ hasText: "127.0.0.22" });
      await trusted.getByRole("button").click();
      await page.getByTestId("confirm-delete").click();
      await trusted.waitFor({ state: "detached" });
    });
  });

  test("a technician is told that this is for admin", async () => {
    await as(marta, "/guard", async (page) => page.getByText("Solo administración ve el guardián").waitFor());
  });

  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing on a narrow window (${theme})`, async () => {
      await as(root, "/guard", async (page) => {
        await page.getByTestId("security-event").first().waitFor();
        assert.deepEqual(await faults(page), []);
        assert.equal(await overflow(page), 0);
      }, { theme, width: 360, height: 740 });
    });
  }
});

test("no page complained", () => assert.deepEqual(complaints, []));
