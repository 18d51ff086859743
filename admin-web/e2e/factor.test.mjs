// A hub that demands a second factor of technicians: the gate before everything else; one's own password; a mail that arrives.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { mark } from "./env.mjs";
import { mailServer, ownHub } from "./own.mjs";
import { code } from "./totp.mjs";

const ines = { username: `ines-${mark}`, password: `correct horse ${mark}` };
const vera = { username: `vera-${mark}`, password: `only looking ${mark}` };
// What is refused here, the browser writes into its console.
expected.push(/status of (403|422)/);

let browser;
let hub;
let mail;
let api;

before(async () => {
  [browser, mail] = await Promise.all([launch(), mailServer()]);
  hub = await ownHub({
    PREGON_AUTH_REQUIRE_TOTP: "technician",
    PREGON_SMTP_HOST: "127.0.0.1", PREGON_SMTP_PORT: String(mail.port), PREGON_SMTP_SECURITY: "none",
    PREGON_SMTP_FROM: "hub@example.org", PREGON_SMTP_TO: "guardia@example.org",
  });
  api = await hub.as("/api/admin/login", hub.root);
  await json(api.post("/api/users", { data: { ...ines, role: "technician" } }));
  await json(api.post("/api/users", { data: { ...vera, role: "viewer" } }));
});

after(async () => {
  await api?.dispose();
  await browser?.close();
  await hub?.stop();
  await mail?.stop();
});

const at = (path, look = {}) => open(browser, { path, url: hub.url, ...look });

async function knock(page, { username, password }) {
  await page.fill("#login-username", username);
  await page.fill("#login-password", password);
  await page.keyboard.press("Enter");
}

describe("the gate", () => {
  test("who owes a second factor sees nothing else, in any theme, language or width, until it is set up", async () => {
    for (const look of [{ theme: "dark", width: 360, height: 740 }, { locale: "en-GB", width: 1400 }]) {
      const page = await at("/events", look);
      await knock(page, ines);
      await page.getByTestId("totp-gate").waitFor();
      await soon(async () => assert.equal(await page.locator("nav[data-places]").count(), 0));
      assert.deepEqual(await faults(page), []);
      await page.getByTestId("totp-begin").click();
      await page.getByTestId("totp-secret").waitFor();
      if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/gate-${look.theme ?? "light"}.png`, fullPage: true });
      assert.deepEqual(await faults(page), []);
      assert.ok((await overflow(page)) <= 0);
      await page.context().close();
    }
    const page = await at("/events");
    const asked = page.waitForRequest((request) => request.url().endsWith("/api/session"));
    await knock(page, ines);
    const { authorization } = await (await asked).allHeaders();
    const refused = await page.context().request.get(`${hub.url}/api/alerts`, { headers: { authorization } });
    assert.equal(refused.status(), 403, "the hub holds the gate, not the panel");
    await page.getByTestId("totp-begin").click();
    const secret = await page.getByTestId("totp-secret").innerText();
    await page.fill("#totp-code", code(secret));
    await page.getByTestId("totp-confirm").click();
    await page.getByTestId("recovery-codes").waitFor();
    await page.getByTestId("codes-saved").click();
    await page.getByRole("heading", { level: 1, name: "Eventos" }).waitFor();
    await page.waitForSelector("[data-testid=link-status][data-phase=live]");
    await page.click("nav[data-places] a[href='/']");
    await page.getByTestId("send").waitFor();
    await page.context().close();

    const later = await at("/account");
    await knock(later, ines);
    await later.fill("#login-totp", code(secret, 1));
    await later.keyboard.press("Enter");
    await later.locator("[data-testid=totp-state][data-on]").waitFor();
    await later.context().close();
  });

  test("others pass: a viewer without a word, the administrator under a banner", async () => {
    const looking = await at("/");
    await enter(looking, vera);
    await looking.getByText("Tu cuenta es de solo lectura").waitFor();
    await soon(async () => assert.equal(await looking.getByTestId("totp-banner").count(), 0));
    await looking.context().close();
    const page = await at("/admin");
    await enter(page, hub.root);
    await page.getByTestId("totp-banner").waitFor();
    await page.context().close();
  });
});

test("one's own password: refusals beside their fields; then the old one and other sessions end, this one stays", async () => {
  const page = await at("/account");
  await enter(page, vera);
  const other = await at("/");
  await enter(other, vera);
  const change = page.getByTestId("change-own-password");
  const fill = async (current, next, again = next) => {
    await page.fill("#current-password", current);
    await page.fill("#new-password", next);
    await page.fill("#new-password-again", again);
    await change.click();
  };
  const next = `another secret ${mark}`;
  await change.click();
  await page.waitForFunction(() => document.activeElement?.id === "current-password");
  await fill(vera.password, next, `${next}!`);
  await page.getByText("Las dos contraseñas no son iguales").waitFor();
  await fill("wrong", next);
  await page.locator("#current-password[aria-invalid=true]").waitFor();
  await fill(vera.password, "liverpool1");
  await page.locator("#new-password[aria-invalid=true]").waitFor();
  assert.deepEqual(await faults(page), []);
  assert.equal(await other.getByTestId("link-status").getAttribute("data-phase"), "live", "what was refused ended nothing");
  await fill(vera.password, next);
  await page.getByText("Contraseña cambiada").first().waitFor();
  await other.waitForSelector("#login-password");
  await soon(async () => assert.equal(await page.inputValue("#new-password"), ""));
  await page.reload();
  await knock(page, vera);
  await page.getByTestId("login-error").waitFor();
  await enter(page, { ...vera, password: next });
  for (const one of [page, other]) await one.context().close();
});

test("a test mail arrives, and the list has it", async () => {
  const page = await at("/events?tab=mail");
  await page.getByRole("button", { name: "Entrar como administrador" }).click();
  await enter(page, hub.root);
  await page.getByRole("button", { name: "Probar el correo" }).click();
  await page.fill("#test-to", "no es correo");
  await page.getByRole("button", { name: "Enviar la prueba" }).click();
  await page.locator("#test-to:invalid").waitFor();
  await page.fill("#test-to", "ana@example.org");
  await page.getByRole("button", { name: "Enviar la prueba" }).click();
  await page.locator("[data-testid=mail-answer][data-status=sent]").waitFor();
  assert.match(mail.letters.join("\n"), /To: .*ana@example\.org/);
  await page.getByRole("dialog").getByRole("button", { name: "Cerrar" }).last().click();
  await page.locator("[data-testid=email][data-status=sent]", { hasText: "ana@example.org" }).waitFor();
  await page.context().close();
});

test("no page complained", () => assert.deepEqual(complaints, []));
