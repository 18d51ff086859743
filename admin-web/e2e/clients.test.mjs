// The directory of clients as an administrator and a viewer use it: found, filtered, followed live, opened, shut out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, goTo, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const boss = { username: env.user, password: env.password };
const vera = { username: `vera-${mark}`, password: `only looking ${mark}` };
const names = { sol: `Sol ${mark}`, luna: `Luna ${mark}`, away: `Ávila ${mark}` };
// What the hub refuses here, the browser writes into its console.
expected.push(/status of 422/);

let browser;
let api;
let sol;
let luna;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await json(api.post("/api/users", { data: { ...vera, role: "viewer" } }));
  await json(api.post("/api/clients", { data: { name: names.away, secret: "never used" } }));
  for (let number = 0; number < 150; number += 10) {
    const some = Array.from({ length: 10 }, (_, place) => `Caja ${mark} ${number + place}`);
    await Promise.all(some.map((name) => json(api.post("/api/clients", { data: { name, secret: "x" } }))));
  }
  [sol, luna] = [await Agent.enrolled(names.sol), await Agent.enrolled(names.luna)];
  await Promise.all([sol.start(), luna.start()]);
  await json(api.post("/api/groups", { data: { name: `Sierra ${mark}`, members: [names.away, names.sol] } }));
});

after(async () => {
  await stopAll();
  // Other journeys look for their rows among everybody: what was made here goes.
  const { total: count } = await json(api.get(`/api/clients?search=${mark}&limit=1`));
  await json(api.post("/api/client-actions", { data: { action: { kind: "revoke" }, matching: { search: mark }, count } }));
  await api?.dispose();
  await browser?.close();
});

/** A signed-in page of its own at the directory, closed after the journey. */
async function as(who, run, look = {}) {
  const page = await open(browser, { path: who === boss ? "/admin" : "/", ...look });
  try {
    await enter(page, who);
    await goTo(page, "/clients");
    await page.getByRole("heading", { level: 1, name: /^(Equipos|Clients)$/ }).waitFor();
    await run(page);
  } finally {
    await page.context().close();
  }
}

const row = (page, name) => page.locator("[data-testid=directory-row]", { hasText: name });
const drawer = (page) => page.getByTestId("client-detail");

/** The words stand in the address a moment after they are typed. */
async function find(page, words) {
  await page.fill("main [data-search]", words);
  await page.waitForURL((url) => url.searchParams.get("search")?.replaceAll('"', "") === words);
}

describe("the directory", () => {
  test("search, filter and order stand in the address and are found again by going back", async () => {
    await as(boss, async (page) => {
      await find(page, mark);
      await row(page, names.sol).or(row(page, `Caja ${mark} 0`)).first().waitFor();
      await page.getByTestId("filter-online").click();
      await row(page, names.sol).waitFor();
      await soon(async () => assert.equal(await page.getByTestId("directory-row").count(), 2));
      await soon(async () => assert.equal(await page.getByTestId("directory-total").textContent(), "2"));
      const { search } = new URL(page.url());
      assert.match(search, /filter=online/);
      assert.match(search, new RegExp(`search=${mark}`));
      await row(page, names.sol).click();
      await drawer(page).waitFor();
      await page.goBack();
      await drawer(page).waitFor({ state: "detached" });
      await soon(async () => assert.equal(await page.getByTestId("directory-row").count(), 2));
    });
  });

  test("it scrolls through every page, each row once, with only those in sight drawn", async () => {
    await as(boss, async (page) => {
      await find(page, `Caja ${mark}`);
      await page.waitForFunction(() => document.querySelector("[data-testid=directory-total]")?.textContent === "150");
      await soon(async () => assert.ok((await page.getByTestId("directory-row").count()) < 60, "virtual"));
      const height = await row(page, `Caja ${mark} 0`).first().evaluate((element) => element.getBoundingClientRect().height);
      assert.equal(height, 36);
      await page.getByRole("group", { name: "Equipos" }).evaluate(async (box) => {
        for (let turn = 0; turn < 40; turn += 1) {
          box.scrollTop = box.scrollHeight;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
      await row(page, `Caja ${mark} 149`).waitFor();
    });
  });

  test("who comes and goes is seen at once, and the counts follow", async () => {
    await as(vera, async (page) => {
      await find(page, names.luna);
      await page.locator("[data-testid=directory-row][data-online]").waitFor();
      await luna.stop();
      await page.locator("[data-testid=directory-row]:not([data-online])").waitFor();
      await page.waitForFunction(() => /1/.test(document.querySelector("[data-testid=filter-offline]")?.textContent ?? ""));
      await soon(async () => assert.equal(await page.getByRole("button", { name: "Añadir equipo" }).count(), 0, "a viewer enrols nobody"));
      await row(page, names.luna).click();
      await drawer(page).getByTestId("connections").getByText("se desconectó").first().waitFor();
      await soon(async () => assert.equal(await page.getByRole("button", { name: "Retirar acceso" }).count(), 0));
      await luna.start();
      await page.locator("[data-testid=client-state][data-online]").waitFor();
    });
  });
});

describe("one client", () => {
  test("its groups, what waits for it, and a way to write to it", async () => {
    await as(boss, async (page) => {
      const text = `Para cuando vuelvas ${mark}`;
      const { id } = await json(api.post("/api/alerts", { data: { audience: { kind: "private", name: names.away }, severity: "error", text } }));
      await find(page, names.away);
      await row(page, names.away).click();
      await drawer(page).getByText(`Sierra ${mark}`).waitFor();
      const waiting = drawer(page).getByTestId("waiting").getByRole("link", { name: new RegExp(text) });
      await soon(async () => assert.equal(await waiting.getAttribute("href"), `/alerts/${id}`));
      await drawer(page).getByText("Nunca se ha conectado").or(drawer(page).getByText("nunca conectado")).first().waitFor();
      await page.waitForTimeout(400);
      assert.deepEqual(await faults(page), []);
      await drawer(page).getByRole("button", { name: "Enviar aviso" }).click();
      await page.locator("#compose-text").waitFor();
      await page.getByText(names.away).or(page.locator(`input[value="${names.away}"]`)).first().waitFor();
    });
  });

  test("a live agent changes its key at the press of a button, and comes back with it", async () => {
    const keyOf = (agent) => readFileSync(join(agent.data, "key"), "utf8");
    const before = keyOf(luna);
    await as(boss, async (page) => {
      await find(page, names.luna);
      await row(page, names.luna).click();
      await drawer(page).getByRole("button", { name: "Renovar clave" }).click();
      await page.getByText("cambia a ella en un momento").waitFor();
      await page.waitForTimeout(400);
      assert.deepEqual(await faults(page), []);
      await page.getByTestId("confirm-rotate").click();
      await page.locator("[data-testid=client-key][data-state=none]").waitFor();
      await page.waitForFunction(() => !document.querySelector("[data-testid=confirm-rotate]"));
      await drawer(page).getByRole("button", { name: "Renovar clave" }).waitFor();
      await luna.stop();
      assert.notEqual(keyOf(luna), before);
      await luna.start();
      await page.locator("[data-testid=client-state][data-online]").waitFor();
    });
  });

  test("a PC that is away is asked, and the drawer says so", async () => {
    await as(boss, async (page) => {
      await find(page, names.away);
      await row(page, names.away).click();
      await drawer(page).getByRole("button", { name: "Renovar clave" }).click();
      await page.getByText("cambiará de clave cuando vuelva").waitFor();
      await page.getByTestId("confirm-rotate").click();
      await page.locator("[data-testid=client-key][data-state=asked]").getByText("se le ha pedido una nueva").waitFor();
      assert.deepEqual(await faults(page), []);
      await drawer(page).getByRole("button", { name: "Anular la renovación" }).click();
      await page.locator("[data-testid=client-key][data-state=none]").waitFor();
      await drawer(page).getByRole("button", { name: "Renovar clave" }).waitFor();
    });
  });

  test("shutting one out takes its name typed, and ends its session", async () => {
    await as(boss, async (page) => {
      await find(page, names.luna);
      await row(page, names.luna).click();
      await drawer(page).getByRole("button", { name: "Retirar acceso" }).click();
      const confirm = page.getByTestId("confirm-revoke");
      await page.getByLabel("Escribe el nombre").fill("Luna");
      await soon(async () => assert.ok(await confirm.isDisabled()));
      await page.getByLabel("Escribe el nombre").fill(names.luna);
      const gone = luna.heard((line) => line.type === "status" && !line.connected, "the end of its session");
      await confirm.click();
      await gone;
      await drawer(page).waitFor({ state: "detached" });
      await page.getByText("Nada coincide").waitFor();
    });
  });

  test("a name that somebody else tries is marked and explained", async () => {
    await as(boss, async (page) => {
      const twin = await sol.startTwin();
      await page.getByTestId("filter-disputed").click();
      await row(page, names.sol).click();
      await drawer(page).getByTestId("conflicts").getByText("desde 127.0.0.1").waitFor();
      await twin.stop();
    });
  });
});

describe("many at once", () => {
  test("a selection is marked as important, added to a group, and shut out by its number", async () => {
    await as(boss, async (page) => {
      const some = ["0", "1", "2"].map((number) => `Lote ${mark} ${number}`);
      for (const name of some) await json(api.post("/api/clients", { data: { name, secret: "x" } }));
      await find(page, `Lote ${mark}`);
      await row(page, some[0]).waitFor();
      const bulk = page.getByTestId("bulk");
      await page.getByLabel(`Seleccionar ${some[0]}`).check();
      await bulk.getByText("1 seleccionado").waitFor();
      await page.getByLabel(`Seleccionar ${some[1]}`).check();
      await bulk.getByRole("button", { name: "Importante" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Guardar" }).click();
      await bulk.waitFor({ state: "detached" });
      await row(page, some[1]).getByText("Importante").waitFor({ state: "attached" });
      await page.getByLabel(`Seleccionar ${some[0]}`).check();
      await bulk.getByRole("button", { name: "Seleccionar los 3 del filtro" }).click();
      await bulk.getByText("3 seleccionados").waitFor();
      await bulk.getByRole("button", { name: "Añadir a un grupo" }).click();
      await page.getByRole("dialog").getByLabel("Grupo").fill(`Lote ${mark}`);
      await page.waitForTimeout(400);
      assert.deepEqual(await faults(page), []);
      await page.getByRole("dialog").getByRole("button", { name: "Añadir" }).click();
      await bulk.waitFor({ state: "detached" });
      assert.equal((await json(api.get(`/api/groups/Lote ${mark}`))).disconnected.length, 3);
      await page.getByLabel(`Seleccionar ${some[2]}`).check();
      await bulk.getByRole("button", { name: "Seleccionar los 3 del filtro" }).click();
      await bulk.getByRole("button", { name: "Retirar acceso" }).click();
      const confirm = page.getByTestId("confirm-bulk-revoke");
      await page.getByLabel(/Escribe cuántos/).fill("2");
      await soon(async () => assert.ok(await confirm.isDisabled()));
      await page.getByLabel(/Escribe cuántos/).fill("3");
      await json(api.post("/api/clients", { data: { name: `Lote ${mark} tarde`, secret: "x" } }));
      await confirm.click();
      await page.getByText("Ya no son los mismos").waitFor();
      await json(api.delete(`/api/clients/Lote ${mark} tarde`));
      await confirm.click();
      await page.getByText("Nada coincide").waitFor();
    });
  });
});

describe("enrolment codes", () => {
  test("one code enrols several PCs, is counted down, and is worth nothing once it is revoked", async () => {
    await as(boss, async (page) => {
      await page.getByRole("link", { name: "Códigos de alta" }).click();
      await page.locator("main").getByRole("button", { name: "Añadir equipo" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Muchos equipos", { exact: true }).click();
      const make = dialog.getByRole("button", { name: "Crear código" });
      for (const wrong of ["0", "10001", "-3", "1e3", "muchos"]) {
        await dialog.getByLabel("Número de equipos").fill(wrong);
        await soon(async () => assert.ok(await make.isDisabled(), wrong));
      }
      await dialog.getByLabel("Número de equipos").fill("3");
      await make.click();
      await dialog.getByText('"$(hostname)"').waitFor();
      await page.waitForTimeout(300);
      assert.deepEqual(await faults(page), []);
      await dialog.getByText("Windows", { exact: true }).click();
      await dialog.getByText('"%COMPUTERNAME%"').waitFor();
      const code = await dialog.getByTestId("enrol-code").textContent();
      const fingerprint = await dialog.locator("dd code").nth(1).textContent();
      await dialog.getByRole("button", { name: "Listo" }).click();
      const words = ["--hub", new URL(env.url).host, "--code", code, "--ca-fingerprint", fingerprint];
      const own = page.getByTestId("code").filter({ hasText: "Cualquier nombre libre" }).first();
      await own.getByText("quedan 3 de 3").waitFor();
      await new Agent(`Nuevo A ${mark}`).enrol([...words, "--name", `Nuevo A ${mark}`]);
      await own.getByText("quedan 2 de 3").waitFor();
      await own.getByRole("button", { name: "Retirar" }).click();
      await page.getByTestId("confirm-delete").click();
      await page.getByText("quedan 2 de 3").waitFor({ state: "detached" });
      await assert.rejects(new Agent(`Nuevo B ${mark}`).enrol([...words, "--name", `Nuevo B ${mark}`]));
    });
  });
});

describe("looks", () => {
  for (const look of [{ theme: "light", width: 1400 }, { theme: "dark", width: 360, height: 740 }]) {
    test(`nothing is too wide and axe finds nothing (${look.theme}, ${look.width})`, async () => {
      await as(boss, async (page) => {
        await page.getByTestId("directory-row").first().waitFor();
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await faults(page), []);
        await row(page, mark).first().click();
        await drawer(page).waitFor();
        await page.waitForTimeout(400);
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await faults(page), []);
      }, look);
    });
  }
});

test("no page complained: no error, no warning, no violation of the policy", () => assert.deepEqual(complaints, []));
