// People: a second factor from its picture to the log-in, open sessions, and the administrator's log.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";
import { code } from "./totp.mjs";

const ana = { username: `ana-${mark}`, password: `correct horse ${mark}` };
const root = { username: env.user, password: env.password };

let browser;
let admin;

// A wrong code is refused, and the browser says so.
expected.push(/status of 422/);

before(async () => {
  browser = await launch();
  admin = await asAdmin();
  await json(admin.post("/api/users", { data: { ...ana, role: "technician" } }));
});

after(async () => {
  await admin?.dispose();
  await browser?.close();
});

async function nothingIsKept(page) {
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, document.cookie.length, (await indexedDB.databases()).length, (await caches.keys()).length,
  ]);
  assert.deepEqual(kept, [0, 0, 0, 0, 0], page.url());
  assert.deepEqual(await page.context().cookies(), [], page.url());
}

describe("second factor", () => {
  test("it is set up with a code, asked for at the log-in, and switched off with a recovery code", async () => {
    const page = await open(browser, { path: "/account" });
    await enter(page, ana);
    await page.getByTestId("totp-begin").click();
    const secret = await page.getByTestId("totp-secret").innerText();
    await page.fill("#totp-code", "000000");
    await page.getByTestId("totp-confirm").click();
    await page.getByText("Código incorrecto o ya usado").waitFor();
    await page.fill("#totp-code", code(secret));
    await page.getByTestId("totp-confirm").click();
    const codes = (await page.getByTestId("recovery-codes").innerText()).trim().split(/\s+/);
    assert.equal(codes.length, 10);
    await page.getByTestId("codes-saved").click();
    await page.locator("[data-testid=totp-state][data-on]").waitFor();
    await nothingIsKept(page);
    await page.reload();
    await page.fill("#login-username", ana.username);
    await page.fill("#login-password", ana.password);
    await page.keyboard.press("Enter");
    await page.fill("#login-totp", "123 456");
    await page.keyboard.press("Enter");
    await page.getByTestId("login-error").waitFor();
    await page.fill("#login-totp", code(secret, 1));
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=link-status][data-phase=live]");
    await page.getByTestId("totp-disable").click();
    await page.fill("#reproof", codes[0]);
    await page.getByTestId("reproof").click();
    await page.locator("[data-testid=totp-state]:not([data-on])").waitFor();
    await page.context().close();
  });

  test("an admin without one sees a banner on every page", async () => {
    const page = await open(browser, { path: "/admin" });
    await enter(page, root);
    await page.getByTestId("totp-banner").waitFor();
    await page.getByTestId("totp-banner").getByRole("link").click();
    await page.getByTestId("totp-begin").waitFor();
    await page.context().close();
  });
});

test("sessions are listed and ended, here and by admin", async () => {
  const [first, second] = [await open(browser, { path: "/account" }), await open(browser, { path: "/account" })];
  await enter(first, ana);
  await enter(second, ana);
  await first.reload();
  await enter(first, ana);
  const other = first.locator("[data-testid=session]:not([data-current])");
  await other.first().waitFor();
  await first.getByTestId("end-others").click();
  await other.first().waitFor({ state: "detached" });
  await second.waitForSelector("#login-password");
  const desk = await open(browser, { path: "/users" });
  await desk.waitForSelector("#login-password");
  await enter(desk, root);
  await desk.getByTestId("all-sessions").click();
  await desk.getByTestId("session").filter({ hasText: ana.username }).getByRole("button").first().click();
  await first.waitForSelector("#login-password");
  for (const page of [first, second, desk]) await page.context().close();
});

describe("the log", () => {
  test("new entries are announced, the red line stays, the countdown runs, filters stand in the address", async () => {
    const page = await open(browser, { path: "/admin" });
    await enter(page, root);
    await page.getByTestId("log-entry").first().waitFor();
    await soon(async () => assert.match(await page.getByTestId("log-countdown").innerText(), /[45]:\d\d/));
    await page.locator("[data-testid=log-entry]", { hasText: "logged in" }).first().getByText("Entrada", { exact: true }).waitFor();
    const top = await page.getByTestId("log-entry").first().innerText();
    const name = `sucursal ${mark}`;
    await json(admin.post("/api/groups", { data: { name, members: ["x"] } }));
    await page.getByTestId("log-fresh").waitFor();
    assert.equal(await page.getByTestId("log-entry").first().innerText(), top, "nothing has jumped");
    await page.getByTestId("log-fresh").click();
    await page.getByTestId("log-entry").first().filter({ hasText: name }).waitFor();
    await page.fill("#log-text", name);
    await page.waitForURL(/text=/);
    await page.waitForFunction(() => document.querySelectorAll("[data-testid=log-entry]").length === 1);
    await nothingIsKept(page);
    await page.goto(`${env.url}/admin`);
    await enter(page, root);
    await page.getByTestId("log-line").waitFor();
    await page.context().close();
  });

  test("a technician is sent from the admin's page to the start", async () => {
    const page = await open(browser, { path: "/account" });
    await enter(page, ana);
    await page.evaluate(() => {
      history.pushState({}, "", "/admin");
      dispatchEvent(new PopStateEvent("popstate"));
    });
    await page.waitForURL((url) => url.pathname === "/");
    await page.context().close();
  });
});

test("the pages are accessible and fit, in both themes and languages", async () => {
  for (const [theme, locale, width] of [["light", "es-ES", 1400], ["dark", "en-GB", 1400], ["light", "en-GB", 360], ["dark", "es-ES", 360]]) {
    const page = await open(browser, { path: "/admin", theme, locale, width });
    await enter(page, root);
    await page.getByTestId("log-entry").first().waitFor();
    for (const path of ["/admin", "/account"]) {
      if (path === "/account") {
        await page.getByTestId("totp-banner").getByRole("link").click();
        await page.getByTestId("totp-begin").click();
        await page.getByTestId("totp-secret").waitFor();
      }
      await page.waitForTimeout(300);
      if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/${path.slice(1)}-${theme}-${width}.png`, fullPage: width < 500 });
      assert.deepEqual(await faults(page), [], `${path} ${theme} ${width}`);
      assert.ok((await overflow(page)) <= 0, `${path} is too wide at ${width}`);
    }
    await page.context().close();
  }
  assert.deepEqual(complaints, []);
});
