// Looking for alerts, quick texts, several audiences, limits, and what branches write, on a real hub with real agents.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, goTo, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const ana = { username: `ana-${mark}`, password: `correct horse ${mark}` };
const admin = { username: "admin", password: env.password };
const names = { sol: `Sol h${mark}`, luna: `Luna h${mark}` };
const north = `Norte h${mark}`;

let browser;
let hub;
let sol;
let luna;

before(async () => {
  browser = await launch();
  hub = await asAdmin();
  await json(hub.post("/api/users", { data: { ...ana, role: "technician" } }));
  sol = await (await Agent.enrolled(names.sol)).start();
  luna = await Agent.enrolled(names.luna);
  await json(hub.post("/api/groups", { data: { name: north, members: [names.sol] } }));
});

after(async () => {
  await stopAll();
  await hub?.dispose();
  await browser?.close();
});

async function as(who, run, options) {
  const page = await open(browser, options);
  try {
    await enter(page, who);
    await run(page);
    assert.deepEqual(complaints, []);
  } finally {
    await page.context().close();
  }
}

const rows = (page) => page.locator("[data-testid=recent-alert]");

describe("quick texts", () => {
  test("are written, put in order, saved clean, and enter the message with their blanks filled", () =>
    as(ana, async (page) => {
      await goTo(page, "/phrases");
      const add = page.getByRole("button", { name: "Añadir una frase" });
      for (const text of [`Cierren la nevera ${mark}`, `Llamen al {phone} ${mark}`, "  "]) {
        await add.click();
        await page.locator("ol textarea:not([aria-hidden])").last().fill(text);
      }
      await page.getByRole("button", { name: "Subir la frase 2" }).click();
      await page.click("[data-testid=save-phrases]");
      await page.waitForFunction(() => document.querySelectorAll("ol textarea:not([aria-hidden])").length === 2);
      const { phrases } = await json(hub.get("/api/phrases"));
      assert.deepEqual(phrases, [`Llamen al {phone} ${mark}`, `Cierren la nevera ${mark}`]);
      assert.deepEqual(await faults(page), []);
      await goTo(page, "/");
      await page.locator("[data-testid=phrase]").first().click();
      await page.getByLabel("Teléfono").fill("600 100");
      await page.click("[data-testid=fill]");
      await page.locator("[data-testid=phrase]").nth(1).click();
      await soon(async () => assert.equal(await page.inputValue("#compose-text"), `Llamen al 600 100 ${mark} Cierren la nevera ${mark}`));
    }));
});

describe("several at once", () => {
  test("a group and a branch are counted once and both get it", () =>
    as(ana, async (page) => {
      await page.getByText("Un grupo", { exact: true }).click();
      await page.fill("#compose-group", north);
      await page.getByRole("option", { name: north }).click();
      await page.click("[data-testid=another]");
      await page.getByText("Una sucursal", { exact: true }).click();
      await page.fill("#compose-branch", names.luna);
      await page.getByRole("option", { name: names.luna }).click();
      await page.fill("#compose-text", `para dos ${mark}`);
      await page.getByRole("button", { name: "Enviar a 2" }).click();
      await page.waitForSelector("[data-testid=send-state][data-kind=good]");
      const alert = await sol.alert(`para dos ${mark}`);
      assert.ok(alert);
    }));
});

describe("the history", () => {
  test("finds an alert by its words, its state and its branch, keeps the filter in the address, and gives its receipts", () =>
    as(ana, async (page) => {
      const text = `Retirada del lote ${mark}`;
      const { id } = await json(hub.post("/api/alerts", { data: { audience: { kind: "private", name: names.luna }, severity: "warning", text } }));
      await goTo(page, "/alerts");
      // The page before has a search of its own.
      await page.getByRole("heading", { name: "Avisos", level: 1 }).waitFor();
      await page.fill("[data-search]", `LOTE ${mark}`);
      await page.waitForFunction(() => document.querySelectorAll("[data-testid=recent-alert]").length === 1);
      await soon(() => assert.match(page.url(), /search=/));
      await page.getByLabel("Solo los que alguien no ha visto").check();
      await soon(async () => assert.equal(await rows(page).count(), 1));
      await page.goBack();
      assert.deepEqual(await faults(page), []);
      await goTo(page, "/alerts");
      // The page before has a search of its own.
      await page.getByRole("heading", { name: "Avisos", level: 1 }).waitFor();
      await page.fill("[data-search]", "nadie ha escrito esto jamás");
      await page.getByText("Ningún aviso cumple los filtros").waitFor();
      await page.getByRole("button", { name: "Quitar los filtros" }).last().click();
      await rows(page).filter({ hasText: text }).click();
      await page.waitForURL(`**/alerts/${id}`);
      await page.click("[data-testid=receipts]");
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Tabla (CSV)" }).click()]);
      const csv = await readFile(await file.path(), "utf8");
      assert.match(csv, new RegExp(`^\ufeffclient,state,[\\s\\S]*${names.luna},queued`));
    }));
});

describe("limits", () => {
  test("admin limits a technician, whose forms offer only what is allowed", async () => {
    await as(admin, async (page) => {
      await goTo(page, "/users");
      const row = page.locator("[data-testid=user]", { hasText: ana.username });
      await row.getByRole("button").click();
      await page.getByRole("menuitem", { name: "Límites…" }).click();
      await page.getByLabel("Solo puede escribir a algunos grupos").check();
      await page.getByLabel("Grupos permitidos").first().fill(north);
      await page.getByRole("option", { name: north }).click();
      // Leaves the field, so that its list no longer covers the button.
      await page.keyboard.press("Tab");
      await page.click("[data-testid=save-limits]");
      await row.getByText("con límites").waitFor();
    }, { path: "/admin/login" });
    await json(hub.patch(`/api/users/${encodeURIComponent(ana.username)}`, { data: { limits: { groups: [north], severities: ["warning"] } } }));
    await as(ana, async (page) => {
      await page.waitForSelector("#compose-group");
      await soon(async () => assert.equal(await page.locator("form", { has: page.locator("#compose-text") }).getByRole("radio", { name: "Todas", exact: true }).count(), 0));
      await soon(async () => assert.equal(await page.locator("form", { has: page.locator("#compose-text") }).locator("fieldset fieldset input[type=radio]").count(), 1, "one severity"));
      await page.click("#compose-group");
      await soon(async () => assert.deepEqual(await page.getByRole("option").evaluateAll((all) => all.map((one) => one.getAttribute("value"))), [north]));
      await page.getByRole("option").first().click();
      await page.fill("#compose-text", `solo al norte ${mark}`);
      await page.click("[data-testid=send]");
      await page.locator("[data-testid=send-state][data-kind=good], [data-testid=send-state]").first().waitFor();
    });
    const sent = (await json(hub.get(`/api/alerts?search=${encodeURIComponent(`solo al norte ${mark}`)}`))).alerts[0];
    assert.deepEqual([sent.audience, sent.severity], [[{ kind: "group", name: north }], "warning"]);
    await json(hub.patch(`/api/users/${encodeURIComponent(ana.username)}`, { data: { limits: {} } }));
  });
});

describe("limited to nothing", () => {
  const limit = (limits) => json(hub.patch(`/api/users/${encodeURIComponent(ana.username)}`, { data: { limits } }));
  after(() => limit({}));

  test("the dialog says what it means, and the form explains itself and says whom to ask, in both languages", async () => {
    await as(admin, async (page) => {
      await goTo(page, "/users");
      await page.locator("[data-testid=user]", { hasText: ana.username }).getByRole("button").click();
      await page.getByRole("menuitem", { name: "Límites…" }).click();
      await page.getByLabel("Solo puede escribir a algunos grupos").check();
      await page.getByText("no podrá enviar avisos a nadie").waitFor();
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=save-limits]");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    }, { path: "/admin/login" });
    for (const [words, options] of [[/Pide a quien administra el hub/, { theme: "dark", width: 360, height: 740 }], [/Ask whoever administers the hub/, { locale: "en-GB", width: 1400 }]]) {
      await as(ana, async (page) => {
        await page.getByTestId("nothing-allowed").getByText(words).waitFor();
        await soon(async () => assert.equal(await page.locator("#compose-group").count(), 0, "an empty list would only puzzle"));
        await soon(async () => assert.ok(await page.getByTestId("send").isDisabled()));
        if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/nothing-${options.width}.png` });
        assert.deepEqual(await faults(page), []);
        assert.ok((await overflow(page)) <= 0);
      }, options);
    }
    await limit({ severities: [] });
    await as(ana, async (page) => {
      await page.getByTestId("nothing-allowed").waitFor();
      await soon(async () => assert.equal(await page.getByText("Gravedad", { exact: true }).count(), 0));
    });
  });
});

describe("the inbox", () => {
  test("a branch writes, the badge counts it, the answer stands on its screen", () =>
    as(ana, async (page) => {
      sol.say({ message: `No va la impresora ${mark}` });
      await page.locator("nav a[href='/inbox']").getByText("1").first().waitFor();
      await goTo(page, "/inbox");
      const card = page.locator("[data-testid=message]", { hasText: `No va la impresora ${mark}` });
      await card.getByRole("button", { name: "Responder" }).click();
      assert.deepEqual(await faults(page), []);
      await card.getByLabel(/Respuesta a/).fill(`Apágala ${mark}`);
      await card.locator("[data-testid=send-reply]").click();
      assert.ok(await sol.alert(`Apágala ${mark}`));
      await page.getByText("No hay mensajes por atender").waitFor();
    }));

  test("every new page fits a phone in both themes and languages", async () => {
    for (const options of [{ width: 360, height: 740, theme: "dark" }, { width: 360, height: 740, locale: "en-GB" }]) {
      await as(ana, async (page) => {
        for (const path of ["/alerts", "/inbox", "/phrases"]) {
          await goTo(page, path);
          await page.waitForSelector("main h1");
          assert.ok((await overflow(page)) <= 0, `${path} is too wide`);
          assert.deepEqual(await faults(page), [], path);
          if (env.shots) await page.screenshot({ path: `${env.shots}/${path.slice(1)}-${options.theme ?? "light"}.png` });
        }
      }, options);
    }
  });
});
