// The administrator's desk: the server's log, how long things are kept, the data as a file, statistics.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, goTo, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
// A file with faults is refused, and the browser says so.
expected.push(/status of 422/);

let browser;
let api;
let page;
let kept;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  kept = (await json(api.get("/api/settings"))).retention;
  page = await open(browser, { path: "/admin", width: 1400 });
  await enter(page, root);
});

after(async () => {
  // Other journeys find the settings as they were.
  await api?.put("/api/settings", { data: { retention: kept } });
  await api?.dispose();
  await browser?.close();
});

const file = (content, name = "pregon.json") => ({ name, mimeType: "application/json", buffer: Buffer.from(content) });
const retention = async () => (await json(api.get("/api/settings"))).retention;
const days = (kind) => page.locator(`#kept-${kind}_days`);

describe("the server's log", () => {
  const lines = () => page.getByTestId("server-line");

  test("it stands beside the actions, by level and by words, all in the address", async () => {
    await goTo(page, "/admin");
    await page.getByTestId("log-entry").first().waitFor();
    await page.getByText("Servidor", { exact: true }).click();
    await page.waitForURL(/tab=server/);
    await lines().filter({ hasText: /^\d{4}-\d\d-\d\d.*INFO / }).first().waitFor();
    await page.getByLabel("Nivel").selectOption("error");
    await page.waitForURL(/level=error/);
    await lines().filter({ hasText: / INFO / }).first().waitFor({ state: "detached" });
    await page.getByLabel("Nivel").selectOption("");
    await lines().filter({ hasText: / INFO / }).first().waitFor();
    await page.getByRole("textbox", { name: "Texto" }).fill(`nobody wrote this ${mark}`);
    await page.waitForURL(/text=nobody/);
    await page.getByText("No hay líneas que mostrar").waitFor();
    assert.deepEqual(await faults(page), []);
    await page.getByRole("textbox", { name: "Texto" }).fill("");
    await lines().first().waitFor();
    await page.getByText("Acciones", { exact: true }).click();
    await page.getByTestId("log-entry").first().waitFor();
    await page.waitForURL((url) => url.search === "");
  });
});

describe("how long things are kept", () => {
  test("a number that is none is said beside its field, more is saved at once, less asks first", async () => {
    await goTo(page, "/settings");
    await days("events").waitFor();
    for (const wrong of ["0", "4001", "-1", "treinta", "1.5"]) {
      await days("events").fill(wrong);
      await page.getByTestId("save-settings").click();
      await page.getByText("Un número entero de 1 a 4000, o vacío").waitFor();
      await page.waitForFunction(() => document.activeElement?.id === "kept-events_days");
    }
    assert.deepEqual(await retention(), kept, "nothing was saved");
    await days("events").fill("90");
    await page.getByTestId("save-settings").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Eventos y su correo: más de 90 días").waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "Cancelar");
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    assert.deepEqual(await retention(), kept, "who cancels deletes nothing");
    await page.getByTestId("save-settings").click();
    await page.getByTestId("confirm-settings").click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText("Ajustes guardados").first().waitFor();
    assert.equal((await retention()).events_days, 90);
    await days("events").fill("120");
    await page.getByTestId("save-settings").click();
    await page.getByText("Sin guardar").waitFor({ state: "hidden" });
    assert.equal((await retention()).events_days, 120);
  });
});

describe("the data as a file", () => {
  const choose = (chosen) => page.getByTestId("import-json").setInputFiles(chosen);
  const closed = async () => {
    await page.getByRole("dialog").getByRole("button", { name: "Cancelar" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  };
  let document;

  test("what goes out is chosen, and holds no secret", async () => {
    await goTo(page, "/settings");
    await page.getByLabel("Usuarios, sin contraseñas").uncheck();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export-json").click()]);
    assert.equal(download.suggestedFilename(), "pregon.json");
    const text = readFileSync(await download.path(), "utf8");
    document = JSON.parse(text);
    assert.deepEqual(Object.keys(document.sections).sort(), ["clients", "groups", "phrases", "rules", "settings"]);
    assert.doesNotMatch(text, /password|secret|\$2[aby]\$/);
  });

  test("a file that is none is refused in words; one with faults names every place and changes nothing", async () => {
    const before = (await json(api.get("/api/groups?limit=1"))).total;
    for (const [content, words] of [["{", /no es un JSON/], ["[1]", /no es un JSON/], ['{"format":"grafana"}', /format|version|sections/]]) {
      await choose(file(content, "otro.json"));
      await page.getByRole("dialog").getByRole("alert").filter({ hasText: words }).waitFor();
      await soon(async () => assert.ok(await page.getByTestId("confirm-import").isDisabled()));
      await closed();
    }
    const bad = { ...document, sections: { groups: [{ name: `Entra ${mark}`, members: ["a"] }, { name: "", members: ["a"] }, { name: `Doble ${mark}`, members: ["a", "A"] }], settings: { retention: { events_days: 0 } } } };
    await choose(file(JSON.stringify(bad), "con-fallos.json"));
    const list = page.getByTestId("import-faults");
    await list.waitFor();
    for (const [where, why] of [["sections.groups[1].name", "Falta este dato."], ["sections.groups[2].members[1]", "Está dos veces"], ["sections.settings.retention.events_days", "de 1 a 4000 días"]]) {
      await list.locator("li", { hasText: where }).filter({ hasText: why }).waitFor();
    }
    assert.deepEqual(await faults(page), []);
    await soon(async () => assert.ok(await page.getByTestId("confirm-import").isDisabled()));
    await closed();
    assert.equal((await json(api.get("/api/groups?limit=1"))).total, before, "nothing half done");
    assert.equal((await retention()).events_days, 120);
  });

  test("a good file says what it would change, changes it, and the page shows it at once", async () => {
    const name = `Importado ${mark}`;
    const good = { ...document, sections: { groups: [{ name, members: ["a", "b"] }], settings: { retention: { ...kept, events_days: 200 } } } };
    await choose(file(JSON.stringify(good)));
    const changes = page.getByTestId("import-changes");
    await changes.locator("li", { hasText: "Grupos" }).filter({ hasText: "1 nuevo" }).filter({ hasText: name }).waitFor();
    assert.equal((await json(api.get(`/api/groups?search=${encodeURIComponent(name)}`))).total, 0, "looking writes nothing");
    await page.getByTestId("confirm-import").click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    assert.equal((await json(api.get(`/api/groups?search=${encodeURIComponent(name)}`))).total, 1);
    await page.waitForFunction(() => document.querySelector("#kept-events_days")?.value === "200");
    await page.getByText("Sin guardar").waitFor({ state: "hidden" });
    await choose(file(JSON.stringify(good)));
    await page.getByRole("button", { name: "No hay nada que importar" }).waitFor();
    await closed();
    await api.delete(`/api/groups/${encodeURIComponent(name)}`);
  });
});

describe("statistics", () => {
  const alerts = async () => Number((await page.getByTestId("statistics-alerts").innerText()).replace(/\D/g, ""));

  test("a chart is a table too, and a drill does not count", async () => {
    await json(api.post("/api/alerts", { data: { audience: { kind: "global" }, severity: "error", text: `cuenta ${mark}` } }));
    await goTo(page, "/statistics");
    await page.waitForFunction(() => Number(document.querySelector("[data-testid=statistics-alerts]")?.textContent) > 0);
    const chart = page.getByRole("region", { name: "Avisos por día" });
    await chart.locator("canvas").waitFor();
    await chart.getByText("Tabla", { exact: true }).click();
    const today = chart.locator("tbody tr").first();
    await today.waitFor();
    const inTable = await chart.locator("tbody td").allInnerTexts();
    assert.equal(inTable.reduce((sum, figure) => sum + Number(figure.replace(/\D/g, "")), 0), await alerts(), "the table says what the tile says");
    assert.deepEqual(await faults(page), []);
    await chart.getByText("Gráfico", { exact: true }).click();
    await chart.locator("canvas").waitFor();
    const before = await alerts();
    await json(api.post("/api/alerts", { data: { audience: { kind: "global" }, text: `simulacro ${mark}`, drill: true } }));
    await json(api.post("/api/alerts", { data: { audience: { kind: "global" }, text: `de verdad ${mark}` } }));
    await goTo(page, "/settings");
    await goTo(page, "/statistics");
    await page.waitForFunction((wanted) => Number(document.querySelector("[data-testid=statistics-alerts]")?.textContent) === wanted, before + 1);
    await page.getByRole("region", { name: "Quién envía más" }).getByRole("row", { name: /admin/ }).waitFor();
  });

  test("the days stand in the address; an order that cannot be is said", async () => {
    await page.getByText("7 días", { exact: true }).click();
    await page.waitForURL(/days=7/);
    await page.getByRole("button", { name: "Otros días…" }).click();
    await page.getByLabel("Desde").fill("2026-02-01");
    await page.getByLabel("Hasta").fill("2026-01-01");
    await page.getByText("El final va después del principio").waitFor();
    await soon(async () => assert.ok(await page.getByRole("button", { name: "Mostrar" }).isDisabled()));
    assert.deepEqual(await faults(page), []);
    await page.getByLabel("Desde").fill("2025-12-01");
    await page.getByRole("button", { name: "Mostrar" }).click();
    await page.waitForURL(/from=2025-12-01&to=2026-01-01/);
    await page.getByText("No se envió ningún aviso en estos días").first().waitFor();
    await page.goBack();
    await page.waitForURL(/days=7/);
  });
});

// Every place is looked at in axe.test.mjs; here it is the tab that is no place, and what stands full.
test("the pages are accessible and fit a narrow window in the dark, in English", async () => {
  for (const [theme, locale, width] of [["dark", "en-GB", 360]]) {
    const look = await open(browser, { path: "/admin?tab=server", theme, locale, width });
    await enter(look, root);
    for (const [path, there] of [["/admin", "[data-testid=server-line]"], ["/settings", "#kept-events_days"], ["/statistics", "[data-testid=statistics-alerts]"]]) {
      if (path !== "/admin") await goTo(look, path);
      await look.locator(there).first().waitFor();
      if (process.env.SHOTS_DIR) await look.screenshot({ path: `${process.env.SHOTS_DIR}/${path.slice(1)}-${theme}-${width}.png` });
      assert.deepEqual(await faults(look), [], `${path} ${theme} ${width}`);
      assert.ok((await overflow(look)) <= 0, `${path} is too wide at ${width}`);
    }
    await look.context().close();
  }
  assert.deepEqual(complaints, []);
});
