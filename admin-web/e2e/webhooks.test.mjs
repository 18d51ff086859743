// Programs that are told: made with a secret shown once, tested, changed, given a new secret, deleted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const name = `Tickets ${mark}`;
// What the hub refuses here, the browser writes into its console.
expected.push(/status of 422/);

let browser;
let api;

before(async () => {
  browser = await launch();
  api = await asAdmin();
});

after(async () => {
  await api?.delete(`/api/webhooks/${encodeURIComponent(name)}`);
  await api?.dispose();
  await browser?.close();
});

async function webhooks(run, options = {}) {
  const page = await open(browser, { path: "/webhooks", ...options });
  try {
    await page.getByRole("button", { name: /^(Entrar como administrador|Sign in as administrator|Log in as administrator)$/ }).click();
    await enter(page, root);
    await page.locator("main h1", { hasText: "Webhooks" }).waitFor();
    await run(page);
  } finally {
    await page.context().close();
  }
}

const row = (page) => page.locator("[data-testid=webhook]", { hasText: name });
const kept = async () => (await json(api.get("/api/webhooks"))).webhooks.find((one) => one.name === name);

test("a webhook is made, its secret shown once; refusals stand beside their fields", async () => {
  await webhooks(async (page) => {
    await page.getByTestId("new-webhook").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nombre", { exact: true }).fill(name);
    await dialog.getByLabel("Dirección", { exact: true }).fill("http://localhost/hook");
    await dialog.getByTestId("save-webhook").click();
    await page.waitForFunction(() => document.querySelector("[role=dialog] input[type=url]")?.getAttribute("aria-invalid") === "true");
    await dialog.getByLabel("Dirección", { exact: true }).fill("https://localhost:9/hook?a=b");
    await dialog.getByLabel("Puede estar en la red interna").check();
    assert.deepEqual(await faults(page), []);
    await dialog.getByTestId("save-webhook").click();
    const secret = page.getByTestId("secret");
    await soon(async () => assert.match(await secret.textContent(), /^whsec_/));
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press("Escape");
    await secret.waitFor();
    await page.getByRole("button", { name: "Copiar secreto" }).click();
    await soon(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await secret.textContent()));
    await page.getByRole("button", { name: "Ya lo he guardado" }).click();
    await secret.waitFor({ state: "hidden" });
    await row(page).getByText("Solo lo que envíen las reglas").waitFor();
    await row(page).getByText("Sin llamadas todavía").waitFor();
  });
  assert.equal((await kept()).allow_private, true);
});

test("the test says what came of it, and the calls are listed", async () => {
  await webhooks(
    async (page) => {
      await row(page).getByRole("button", { name: `Probar ${name}` }).click();
      await row(page).getByTestId("answer").getByText("La prueba falló").waitFor();
      await row(page).getByText("Falló", { exact: true }).waitFor();
      assert.ok((await overflow(page)) <= 0);
      const calls = page.getByRole("button", { name: `Llamadas de ${name}` });
      await calls.click();
      await page.getByTestId("call").waitFor();
      assert.deepEqual(await faults(page), []);
      await page.keyboard.press("Escape");
      await page.getByTestId("call").waitFor({ state: "hidden" });
      await page.waitForFunction((label) => document.activeElement?.getAttribute("aria-label") === label, `Llamadas de ${name}`);
    },
    { width: 360, theme: "dark" },
  );
});

test("a webhook is changed, gets a new secret, and is deleted", async () => {
  await webhooks(async (page) => {
    await row(page).getByRole("button", { name: `Cambiar ${name}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Eventos de esta gravedad o más" }).click();
    await page.getByRole("option", { name: "Error", exact: true }).click();
    await dialog.getByTestId("save-webhook").click();
    await row(page).getByText("Recibe los eventos desde «Error»").waitFor();
    assert.equal((await kept()).from_severity, "error");

    await row(page).getByRole("button", { name: `Cambiar el secreto de ${name}` }).click();
    await page.getByTestId("confirm-delete").click();
    await soon(async () => assert.match(await page.getByTestId("secret").textContent(), /^whsec_/));
    await page.getByRole("button", { name: "Ya lo he guardado" }).click();

    await row(page).getByRole("button", { name: `Borrar ${name}` }).click();
    await page.getByTestId("confirm-delete").click();
    await row(page).waitFor({ state: "detached" });
  });
  assert.equal(await kept(), undefined);
});

test("nothing complained", () => assert.deepEqual(complaints, []));
