// The frame of the panel: places at the side or behind a button, the palette, the letters.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, faults, goTo, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const teo = { username: `teo-${mark}`, password: `horse battery ${mark}` };
const group = `Ñandú ${mark}`;
let browser;
let admin;

before(async () => {
  browser = await launch();
  admin = await asAdmin();
  await json(admin.post("/api/users", { data: { ...teo, role: "technician" } }));
  await json(admin.post("/api/groups", { data: { name: group, members: [`Uno ${mark}`] } }));
});

after(async () => {
  await stopAll();
  await admin?.dispose();
  await browser?.close();
});

async function as(who, options, run) {
  const page = await open(browser, { path: who === root ? "/admin" : "/", ...options });
  try {
    await enter(page, who);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const path = (page) => new URL(page.url()).pathname;
const current = (page) => page.locator("nav[data-places] [aria-current=page]");

describe("places", () => {
  test("the side marks where one is, also within a place, and shows a role what it may open", async () => {
    await as(teo, {}, async (page) => {
      await soon(async () => assert.equal(await current(page).innerText(), "Inicio"));
      await page.click("nav a[href='/groups']");
      await page.locator("[data-testid=group]", { hasText: group }).click();
      await page.getByRole("heading", { level: 1, name: group }).waitFor();
      await soon(async () => assert.deepEqual(await current(page).allInnerTexts(), ["Grupos"]));
      await soon(async () => assert.equal(await page.locator("nav a[href='/users']").count(), 0));
    });
    await as(root, {}, (page) => page.locator("nav a[href='/users']").waitFor());
  });

  test("the side folds to icons that still have their names", async () => {
    await as(teo, {}, async (page) => {
      const width = () => page.locator("nav[data-places]").evaluate((nav) => nav.clientWidth);
      await soon(async () => assert.ok((await width()) > 180));
      await page.getByRole("button", { name: "Plegar el menú" }).click();
      await soon(async () => assert.ok((await width()) < 80));
      await soon(async () => assert.equal(await page.locator("nav[data-places] a[href='/events']").getAttribute("title"), "Eventos"));
      await page.getByRole("link", { name: "Eventos" }).first().click();
      await soon(() => assert.equal(path(page), "/events"));
      await page.getByRole("button", { name: "Desplegar el menú" }).click();
      assert.ok((await width()) > 180);
    });
  });

  test("a narrow window has them behind a button, and the focus comes back to it", async () => {
    await as(root, { width: 360, height: 740 }, async (page) => {
      await soon(async () => assert.equal(await page.locator("nav[data-places]").count(), 0));
      const burger = page.getByRole("button", { name: "Abrir el menú" });
      await burger.click();
      await page.waitForSelector("nav[data-places]");
      assert.deepEqual(await faults(page), []);
      await page.keyboard.press("Escape");
      await page.locator("nav[data-places]").waitFor({ state: "detached" });
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Abrir el menú");
      await goTo(page, "/groups");
      await page.getByRole("heading", { level: 1, name: "Grupos" }).waitFor();
      await page.locator("nav[data-places]").waitFor({ state: "detached" });
      assert.ok((await overflow(page)) <= 0);
    });
  });

  test("the first link leads to the content past all of it", async () => {
    await as(teo, { path: "/events" }, async (page) => {
      const first = page.locator("a[href], button, input").first();
      await soon(async () => assert.equal(await first.innerText(), "Saltar al contenido"));
      await first.focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.id === "main");
    });
  });
});

describe("palette", () => {
  test("Ctrl+K finds pages, groups and branches, and Enter goes there", async () => {
    await as(teo, {}, async (page) => {
      await page.keyboard.press("Control+k");
      const field = page.getByRole("combobox", { name: "Página, grupo, sucursal o acción" });
      await field.fill("even");
      await page.getByRole("option", { name: "Eventos", selected: true }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Eventos" }).waitFor();

      await page.keyboard.press("Control+k");
      await field.fill(`nandu ${mark}`);
      await page.getByRole("option", { name: group }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: group }).waitFor();
    });
  });

  test("it is reached from a field, says when nothing fits, and its arrows go around", async () => {
    await as(teo, {}, async (page) => {
      await page.focus("#compose-text");
      await page.keyboard.press("Control+k");
      await page.waitForSelector("[role=option]");
      await page.keyboard.press("ArrowUp");
      await page.getByRole("option", { name: "Salir", selected: true }).waitFor();
      await page.keyboard.type("zzz <script>");
      await page.getByText("No hay nada con ese nombre").waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await soon(async () => assert.equal(await page.inputValue("#compose-text"), ""));
      await page.waitForFunction(() => document.activeElement?.id === "compose-text");
    });
  });

  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing in it, wide or narrow (${theme})`, async () => {
      await as(root, { theme }, async (page) => {
        await page.keyboard.press("Control+k");
        await page.waitForSelector("[role=option]");
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 740 });
          await page.waitForTimeout(200);
          assert.deepEqual(await faults(page), []);
          assert.ok((await overflow(page)) <= 0);
        }
      });
    });
  }
});

describe("letters", () => {
  test("g and a letter lead to a place, the help lists them, and the switch silences them", async () => {
    await as(teo, {}, async (page) => {
      await page.keyboard.type("ge");
      await page.getByRole("heading", { level: 1, name: "Eventos" }).waitFor();
      await page.keyboard.type("gg");
      await page.getByRole("heading", { level: 1, name: "Grupos" }).waitFor();
      await page.keyboard.type("gu");
      assert.equal(path(page), "/groups", "a place of others has no letter");
      await page.keyboard.press("?");
      await page.getByText("Ir a Eventos").waitFor();
      await soon(async () => assert.equal(await page.getByText("Ir a Usuarios").count(), 0));
      await page.getByRole("switch").click({ force: true });
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.keyboard.type("ge");
      await soon(() => assert.equal(path(page), "/groups"));
    });
  });
});

test("no page complained", () => assert.deepEqual(complaints, []));
