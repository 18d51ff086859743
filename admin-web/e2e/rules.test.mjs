// The journeys through rules: tried, written, ordered, silenced, on call, watched; on a real hub with a real agent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const tina = { username: `tina-${mark}`, password: `correct horse ${mark}` };
const sol = `Sol ${mark}`;
// What the hub refuses here, the browser writes into its console.
expected.push(/status of 422/);

let browser;
let api;
let agent;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await json(api.post("/api/users", { data: { ...tina, role: "technician" } }));
  agent = await Agent.enrolled(sol);
  await agent.start();
});

after(async () => {
  await api?.delete("/api/rules");
  await stopAll();
  await api?.dispose();
  await browser?.close();
});

/** A signed-in page of its own, closed after the journey. */
async function as(who, path, run, options = {}) {
  const page = await open(browser, { path, ...options });
  try {
    if (who === root) await page.getByRole("button", { name: /^(Entrar como administrador|Sign in as administrator|Log in as administrator)$/ }).click();
    await enter(page, who);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const rule = (page, name) => page.locator("[data-testid=rule]", { hasText: name });
const names = async (page) => (await page.locator("[data-testid=rule] p:first-child").allTextContents()).map((name) => name.trim());

describe("rules", () => {
  test("the built-in rules are said in words, and a dry run says what an event would do", async () => {
    await as(root, "/rules", async (page) => {
      await rule(page, "Critical").getByText("mostrar en todas las pantallas; correo a los responsables").waitFor();
      const form = page.getByTestId("try");
      await form.getByRole("button", { name: "Probar" }).click();
      await form.getByText("Avisaría").waitFor();
      await form.getByText("se cumple").waitFor({ state: "attached" });
    });
  });

  test("a rule is written, tried before it is saved, refused with the reason beside the field, and holds", async () => {
    await as(root, "/rules", async (page) => {
      await page.getByTestId("new-rule").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByTestId("save-rule").click();
      await dialog.getByText("Debe tener entre 1 y 80 caracteres.").waitFor();
      await dialog.getByLabel("Nombre", { exact: true }).fill("Hornos");
      await dialog.getByLabel("Fuentes", { exact: true }).fill("horno-*");
      await page.keyboard.press("Enter");
      await dialog.getByLabel("Equipos", { exact: true }).first().fill(sol);
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: "Añadir paso" }).click();
      await dialog.getByTestId("step").getByLabel("Todas las pantallas").check();
      const form = dialog.getByTestId("try");
      await form.getByLabel("Fuente", { exact: true }).fill("horno-3");
      await form.getByRole("button", { name: "Probar" }).click();
      await form.getByText(`mostrar en ${sol}`).waitFor();
      await dialog.getByTestId("save-rule").click();
      await dialog.waitFor({ state: "hidden" });
      await rule(page, "Hornos").getByText("Cualquier evento de horno-*").waitFor();
      await rule(page, "Hornos").getByText("Si en 5 min no lo han visto: recordarlo; mostrar en todas las pantallas").waitFor();
    });
    await json(api.post("/api/events", { data: { source: "horno-3", severity: "warning", message: "Puerta abierta" } }));
    await agent.alert("Puerta abierta");
  });

  test("rules are moved by keyboard, switched off and deleted; what one did is a click away", async () => {
    await as(root, "/rules", async (page) => {
      await rule(page, "Hornos").getByRole("button", { name: "Bajar Hornos" }).press("Enter");
      await page.waitForFunction(() => document.querySelector("[data-testid=rule] p")?.textContent === "Critical");
      await soon(async () => assert.deepEqual(await names(page), ["Critical", "Hornos", "Error"]));
      await page.reload();
      await page.waitForSelector("#login-username");
    });
    await as(root, "/rules", async (page) => {
      await rule(page, "Hornos").waitFor();
      await soon(async () => assert.deepEqual(await names(page), ["Critical", "Hornos", "Error"]));
      await rule(page, "Hornos").getByRole("link").click();
      const incident = page.locator("[data-testid=incident]", { hasText: "Puerta abierta" });
      await incident.getByText("1 evento").waitFor();
      await incident.getByText(/Paso 1: pendiente/).waitFor();
      await soon(() => assert.match(page.url(), /tab=activity/));
      await page.goBack();
      await rule(page, "Hornos").getByRole("button", { name: "¿Eliminar «Hornos»?" }).click();
      await page.getByTestId("confirm-delete").click();
      await rule(page, "Hornos").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Volver a las de fábrica" }).click();
      await page.getByTestId("confirm-delete").click();
      await page.getByText("Son las reglas de fábrica").waitFor();
    });
  });

  test("a technician silences and ends a silence, and changes no rule", async () => {
    await as(tina, "/rules", async (page) => {
      await page.getByText("Las reglas las cambia el administrador").waitFor();
      await soon(async () => assert.equal(await page.getByTestId("new-rule").count(), 0));
      await page.getByRole("link", { name: "Silencios" }).click();
      await page.getByTestId("new-silence").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByTestId("save-silence").click();
      await dialog.getByText("Debe tener entre 1 y 300 caracteres.").waitFor();
      await dialog.getByLabel("Motivo").fill("Obras en cámaras");
      await dialog.getByLabel("Fuentes", { exact: true }).fill("camara-*");
      await dialog.getByTestId("save-silence").click();
      const row = page.locator("[data-testid=silence]", { hasText: "Obras en cámaras" });
      await row.getByText("Vale ahora").waitFor();
      await page.getByRole("link", { name: "Reglas", exact: true }).last().click();
      const form = page.getByTestId("try");
      await form.getByLabel("Fuente", { exact: true }).fill("camara-2");
      await form.getByRole("combobox", { name: "Gravedad" }).click();
      await page.getByRole("option", { name: "Error" }).click();
      await form.getByRole("button", { name: "Probar" }).click();
      await form.getByText("Silenciado: Obras en cámaras").waitFor();
      await page.getByRole("link", { name: "Silencios" }).click();
      await row.getByRole("button").click();
      await row.getByText("Terminado").waitFor();
    });
  });

  test("who is on call and who must report are written and shown as they are", async () => {
    await as(root, "/rules?tab=onCall", async (page) => {
      await page.getByTestId("new-rotation").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Nombre de la guardia").fill("Sistemas");
      await dialog.getByLabel("Quién").fill("Ana");
      await dialog.getByLabel("Correo").fill("ana@example.org");
      await page.keyboard.press("Enter");
      await dialog.getByLabel("Hora del relevo").fill("00:00");
      await dialog.getByTestId("save-rotation").click();
      await page.locator("[data-testid=rotation]", { hasText: "Sistemas" }).getByText("Ahora: Ana").waitFor();
      await page.getByRole("link", { name: "Vigilancia" }).click();
      await page.getByTestId("new-watch").click();
      await dialog.getByLabel("Nombre").fill("Copia nocturna");
      await dialog.getByLabel("Fuente").fill("copia-*");
      await dialog.getByTestId("save-watch").click();
      const watch = page.locator("[data-testid=watch]", { hasText: "Copia nocturna" });
      await watch.getByText("Aún sin señal").waitFor();
      await watch.getByRole("button", { name: "¿Eliminar «Copia nocturna»?" }).click();
      await page.getByTestId("confirm-delete").click();
      await page.getByText("No se vigila ninguna fuente").waitFor();
    });
    await json(api.put("/api/on-call", { data: { on_call: [] } }));
  });

  test("every tab is without faults in both themes and fits a narrow window", async () => {
    for (const theme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        await as(root, "/rules", async (page) => {
          await rule(page, "Critical").waitFor();
          for (const tab of ["Reglas", "Silencios", "Guardias", "Vigilancia", "Actividad"]) {
            await page.locator("nav[aria-label=Reglas]").getByRole("link", { name: tab }).click();
            await page.waitForTimeout(250);
            assert.deepEqual(await faults(page), [], `${tab} ${theme} ${width}`);
            assert.equal(await overflow(page), 0, `${tab} ${width}`);
          }
          await page.locator("nav[aria-label=Reglas]").getByRole("link", { name: "Reglas" }).click();
          await page.getByTestId("new-rule").click();
          await page.getByRole("button", { name: "Añadir paso" }).click();
          await page.waitForTimeout(250);
          assert.deepEqual(await faults(page), [], `editor ${theme} ${width}`);
        }, { theme, width });
      }
    }
  });

  test("nothing complained in any browser", () => assert.deepEqual(complaints, []));
});
