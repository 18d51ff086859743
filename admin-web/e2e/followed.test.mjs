// A rule follows what people send: made from the template, tried, saved; nobody sees the alert, and its page says what followed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const away = `Lejos ${mark}`;
const boss = `Jefa ${mark}`;
const text = `Retirad el lote 42 ${mark}`;
// Rules that others wrote meanwhile are refused with 409, and fields with 422.
expected.push(/status of (409|422)/);

let browser;
let api;
let agent;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await Agent.enrolled(away);
  agent = await Agent.enrolled(boss);
  await agent.start();
});

after(async () => {
  await api?.delete("/api/rules");
  await stopAll();
  await api?.dispose();
  await browser?.close();
});

/** A page of the administrator, closed after the journey. */
async function asRoot(path, run, options = {}) {
  const page = await open(browser, { path, ...options });
  try {
    await page.getByRole("button", { name: /^(Entrar como administrador|Sign in as administrator|Log in as administrator)$/ }).click();
    await enter(page, root);
    await run(page);
  } finally {
    await page.context().close();
  }
}

/** The opened editor, once it stands still. */
async function editor(page) {
  await page.getByTestId("follow-alerts").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByTestId("save-rule").waitFor();
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
  return dialog;
}

describe("alerts that people send", () => {
  test("a rule follows them from a template, and a dry run says what would come", async () => {
    await asRoot("/rules", async (page) => {
      const dialog = await editor(page);
      await soon(async () => assert.equal(await dialog.getByLabel("Nombre", { exact: true }).inputValue(), "Avisos que nadie ve"));
      assert.equal(await dialog.getByText("Qué se hace", { exact: true }).count(), 0, "an alert is on screens already");
      const form = dialog.getByTestId("try");
      await form.getByRole("button", { name: "Probar" }).click();
      await form.getByText("Se enviaría, y si no lo ven a tiempo:").waitFor();
      await form.getByText("Si en 10 min no lo han visto: recordarlo").waitFor();
      await form.getByLabel("Todas las sucursales").uncheck();
      const first = dialog.getByTestId("step").first();
      await first.getByLabel("Pasado este tiempo", { exact: true }).fill("1");
      await first.getByLabel("Pasado este tiempo: Unidad").click();
      await page.getByRole("option", { name: "segundos" }).click();
      await first.getByLabel("Pasado este tiempo", { exact: true }).fill("1");
      await first.getByLabel("Equipos", { exact: true }).fill(boss);
      await page.keyboard.press("Enter");
      await first.getByLabel("Palabras delante de la copia").fill("No se ha visto:");
      assert.deepEqual(await faults(page), []);
      await dialog.getByTestId("save-rule").click();
      await dialog.waitFor({ state: "hidden" });
      const row = page.locator("[data-testid=rule]", { hasText: "Avisos que nadie ve" });
      await row.getByText("Cualquier aviso con gravedad error o crítico").waitFor();
      await row.getByText(`Si en 1 s no lo han visto: recordarlo; mostrar en ${boss}`).waitFor();
      await soon(async () => assert.equal(await page.getByTestId("follow-alerts").count(), 0, "offered once"));
    });
  });

  test("nobody sees one, its copy comes to others, and both the alert and the activity say so", async () => {
    const sent = await json(api.post("/api/alerts", { data: { audience: { kind: "private", name: away }, severity: "error", text } }));
    const copy = await agent.alert(`No se ha visto:\n\n${text}`);
    await asRoot(`/alerts/${sent.id}`, async (page) => {
      const moment = page.locator("[data-kind=escalated_alert]");
      await moment.getByText("No se vio a tiempo: la regla Avisos que nadie ve lo mostró también a 1 equipo").waitFor();
      assert.deepEqual(await faults(page), []);
      await moment.getByRole("link", { name: "Ver la copia" }).click();
      await page.getByText("No se ha visto:").first().waitFor();
    });
    await asRoot("/rules?tab=activity", async (page) => {
      const incident = page.locator("[data-testid=incident]", { hasText: text });
      await incident.getByRole("link", { name: "Copia mostrada" }).waitFor();
      await incident.getByRole("link", { name: "Aviso que se sigue" }).click();
      await page.locator("[data-kind=escalated_alert]").waitFor();
    });
    await json(api.post(`/api/alerts/${sent.id}/withdraw`, { data: {} }));
    await agent.heard((line) => line.type === "withdraw" && line.id === copy.id, "the copy to be withdrawn");
  });

  test("the editor fits a telephone in both languages and themes", async () => {
    for (const look of [{ locale: "es-ES", theme: "light" }, { locale: "en-GB", theme: "dark" }]) {
      await json(api.delete("/api/rules"));
      await asRoot("/rules", async (page) => {
        await editor(page);
        assert.deepEqual(await faults(page), [], JSON.stringify(look));
        assert.equal(await overflow(page), 0);
      }, { ...look, width: 360, height: 780 });
    }
    assert.deepEqual(complaints, []);
  });
});
