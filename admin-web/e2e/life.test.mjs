// Alerts over their life, on a real hub with real agents: sent later, corrected, reminded of, answered, drilled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { mark } from "./env.mjs";

const marta = { username: `marta-${mark}`, password: `correct horse ${mark}` };
const vera = { username: `vera-${mark}`, password: `only looking ${mark}` };
const names = { sol: `Sol ${mark}`, luna: `Luna ${mark}` };
// What the hub refuses here, the browser writes into its console.
expected.push(/status of (422|429)/);

let browser;
let api;
let sol;
let luna;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await json(api.post("/api/users", { data: { ...marta, role: "technician" } }));
  await json(api.post("/api/users", { data: { ...vera, role: "viewer" } }));
  sol = await Agent.enrolled(names.sol);
  luna = await Agent.enrolled(names.luna);
  await Promise.all([sol.start(), luna.start()]);
});

after(async () => {
  await stopAll();
  await api?.dispose();
  await browser?.close();
});

/** A signed-in page of its own, closed after the journey. */
async function as(who, path, run, look = {}) {
  const page = await open(browser, { path, ...look });
  try {
    await enter(page, who);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const everybody = [{ kind: "private", name: names.sol }, { kind: "private", name: names.luna }];
const send = (alert) => json(api.post("/api/alerts", { data: { audience: everybody, ...alert } }));
const moments = (page) => page.locator("[data-testid=timeline] li");
const answer = (page, words) => page.locator("[data-testid=answer]", { hasText: words });
const planned = (page, text) => page.locator("[data-testid=planned]", { hasText: text });

/** A local moment as the field takes it. */
function local(ahead) {
  const date = new Date(Date.now() + ahead);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Writes an alert with the options open. */
async function compose(page, text) {
  await page.fill("#compose-text", text);
  await page.getByTestId("options").click();
}

describe("later", () => {
  test("an alert is planned in the panel, changed, and called off", async () => {
    await as(marta, "/", async (page) => {
      const text = `Inventario ${mark}`;
      await compose(page, text);
      await page.getByText("Más tarde", { exact: true }).click();
      await page.fill("#compose-at", local(-3_600_000));
      await page.click("[data-testid=send]");
      await page.getByText("Esa hora ya ha pasado").first().waitFor();
      await page.fill("#compose-at", local(3 * 3_600_000));
      await page.getByLabel("Se repite").selectOption({ label: "De lunes a viernes" });
      await soon(async () => assert.equal(await page.getByTestId("send").innerText(), "Programar"));
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=send]");
      await page.locator("[data-testid=send-state][data-kind=good]").getByText("Programado para").waitFor();
      await page.getByRole("link", { name: "Ver lo programado" }).click();
      await planned(page, text).getByText("De lunes a viernes").waitFor();
      await soon(() => assert.equal(new URL(page.url()).pathname, "/scheduled"));
      assert.deepEqual(await faults(page), []);

      await planned(page, text).getByRole("button", { name: "Cambiar" }).click();
      await page.fill("#planned-text", `${text} completo`);
      await page.getByLabel("Se repite").selectOption({ label: "Cada semana" });
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=save-planned]");
      await planned(page, `${text} completo`).getByText("Cada semana").waitFor();

      await planned(page, text).getByRole("button", { name: "Anular" }).click();
      await page.waitForFunction(() => document.activeElement?.textContent === "Cancelar");
      await page.click("[data-testid=confirm-delete]");
      await planned(page, text).waitFor({ state: "detached" });
    });
  });

  test("whom a planned alert goes to is changed: one is taken out, another comes in, nobody is refused", async () => {
    const text = `Reunión ${mark}`;
    const { id } = await send({ text, audience: [{ kind: "private", name: names.sol }], send_at: new Date(Date.now() + 3_600_000).toISOString() });
    await as(marta, "/scheduled", async (page) => {
      await planned(page, text).getByText(names.sol).waitFor();
      await planned(page, text).getByRole("button", { name: "Cambiar" }).click();
      const dialog = page.getByRole("dialog");
      const field = dialog.getByRole("combobox", { name: "Sucursal" });
      await page.waitForFunction((name) => document.querySelector("#compose-branch")?.value === name, names.sol);
      await dialog.locator("button[aria-label=Borrar]").first().click();
      await page.click("[data-testid=save-planned]");
      await dialog.getByText("Elige una sucursal").waitFor();
      await page.waitForFunction(() => document.activeElement?.id === "compose-branch");
      await field.fill(names.luna);
      await page.getByRole("option", { name: new RegExp(names.luna) }).click();
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=save-planned]");
      await dialog.waitFor({ state: "hidden" });
      await planned(page, text).getByText(names.luna).waitFor();
      await soon(async () => assert.equal(await planned(page, text).getByText(names.sol).count(), 0));
    });
    const { scheduled } = await json(api.get("/api/scheduled"));
    assert.deepEqual(scheduled.find((one) => one.id === id).audience, [{ kind: "private", name: names.luna }]);
    await api.delete(`/api/scheduled/${id}`);
  });

  test("at its time it is on the screens, and leaves the list by itself", async () => {
    const text = `A su hora ${mark}`;
    await as(marta, "/scheduled", async (page) => {
      await send({ text, send_at: new Date(Date.now() + 2_500).toISOString() });
      await planned(page, text).waitFor();
      const { id } = await sol.alert(text);
      await luna.alert(text);
      await planned(page, text).waitFor({ state: "detached" });
      await page.goto(`${new URL(page.url()).origin}/alerts/${id}`);
      await enter(page, marta);
      await moments(page).getByText("admin lo programó").waitFor();
      await moments(page).getByText("admin lo envió").waitFor();
    });
  });
});

describe("on the board", () => {
  test("a correction takes the old alert's place on the screens and in the panel", async () => {
    const wrong = `Lote 42 ${mark}`;
    const right = `Lote 43 ${mark}`;
    const { id } = await send({ text: wrong, severity: "warning" });
    const old = await sol.alert(wrong);
    sol.say({ id, state: "displayed" });
    await as(marta, `/alerts/${id}`, async (page) => {
      await page.getByTestId("amend").click();
      await soon(async () => assert.ok(await page.getByTestId("confirm-amend").isDisabled(), "there is nothing to correct yet"));
      await page.fill("#amend-text", right);
      await page.getByRole("dialog").getByLabel("Motivo").fill("número equivocado");
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=confirm-amend]");
      await page.getByText("Este aviso corrige a otro anterior.").waitFor();
      await soon(() => assert.notEqual(new URL(page.url()).pathname, `/alerts/${id}`));
      await page.getByTestId("successor").getByRole("link").click();
      await page.getByText("Este aviso se corrigió y ya no está en las pantallas.").waitFor();
      await moments(page).getByText("marta", { exact: false }).getByText("«número equivocado»").waitFor();
      assert.deepEqual(await faults(page), []);
    });
    const corrected = await sol.alert(right);
    assert.equal(corrected.replaces, old.id);
    await sol.heard((line) => line.type === "withdraw" && line.id === old.id, "the old one to go");
    await luna.alert(right);
  });

  test("a reminder reaches who has not seen it, once a minute", async () => {
    const text = `Mirad ${mark}`;
    const { id } = await send({ text, severity: "error" });
    await sol.alert(text);
    await luna.alert(text);
    sol.say({ id, state: "displayed" });
    await as(marta, `/alerts/${id}`, async (page) => {
      await page.getByRole("button", { name: "Recordar a 1" }).click();
      await page.getByText("Recordado a 1 sucursal.").first().waitFor();
      await luna.heard((line) => line.type === "remind" && line.id === id, "the reminder");
      await moments(page).getByText("lo recordó a 1 sucursal; 0 sin conexión").waitFor();
      await page.getByTestId("remind").click();
      await page.getByText("Se recordó hace un momento").first().waitFor();
      luna.say({ id, state: "displayed" });
      await page.getByTestId("remind").waitFor({ state: "detached" });
    });
    assert.ok(!sol.lines.some((line) => line.type === "remind" && line.id === id), "who has seen it is left alone");
  });

  test("answers are counted as they come, the offered and the written ones, with names", async () => {
    const text = `¿Quedan vacunas? ${mark}`;
    await as(marta, "/", async (page) => {
      await page.getByText("Una sucursal", { exact: true }).click();
      await page.fill("#compose-branch", names.sol);
      await page.getByRole("option", { name: new RegExp(names.sol) }).click();
      await compose(page, text);
      for (const reply of ["Sí", "No"]) {
        await page.getByLabel("Respuestas rápidas").first().fill(reply);
        await page.keyboard.press("Enter");
      }
      await page.getByRole("switch", { name: "Permitir una respuesta escrita" }).click();
      await page.getByRole("switch", { name: "Simulacro" }).click();
      await page.getByLabel("Caduca después de").selectOption({ label: "1 hora" });
      await page.getByText("4 elegidas").waitFor();
      assert.deepEqual(await faults(page), []);
      await page.click("[data-testid=send]");
      await page.click("[data-testid=send-state][data-kind=good] a");
      await answer(page, "Sin respuesta").getByText("1", { exact: true }).waitFor();
      await page.getByText("Simulacro", { exact: true }).waitFor();

      const alert = await sol.alert(text);
      assert.deepEqual([alert.replies, alert.free_reply, alert.drill], [["Sí", "No"], true, true]);
      assert.ok(alert.expires_in_s <= 3_600 && alert.expires_in_s > 3_500);
      sol.say({ id: alert.id, state: "dismissed", reply: "Quedan dos", user: "lucía" });
      await answer(page, "«Quedan dos»").getByRole("button").click();
      await answer(page, "«Quedan dos»").getByText(names.sol).waitFor();
      await answer(page, "Sin respuesta").getByText("0", { exact: true }).waitFor();
      assert.deepEqual(await faults(page), []);
    });
  });
});

test("a viewer sees all of it and can change none of it", async () => {
  const later = await send({ text: `Solo mirar ${mark}`, send_at: new Date(Date.now() + 3_600_000).toISOString() });
  const { id } = await send({ text: `Mirar ${mark}`, replies: ["Sí"] });
  await as(vera, "/scheduled", async (page) => {
    await planned(page, `Solo mirar ${mark}`).waitFor();
    await soon(async () => assert.equal(await page.getByRole("button", { name: "Anular" }).count(), 0));
    await page.goto(`${new URL(page.url()).origin}/alerts/${id}`);
    await enter(page, vera);
    await page.getByTestId("timeline").waitFor();
    await soon(async () => assert.equal(await page.getByTestId("remind").count() + await page.getByTestId("amend").count(), 0));
  });
  await api.delete(`/api/scheduled/${later.id}`);
});

test("on a narrow window, in English and in the dark nothing is too wide and nothing is wrong", async () => {
  const { id } = await send({ text: `Estrecho ${mark} ${"palabralarguísima".repeat(8)}`, replies: ["Sí", "x".repeat(150)], free_reply: true });
  await send({ text: `Plan ${mark} ${"palabralarguísima".repeat(8)}`, send_at: new Date(Date.now() + 7_200_000).toISOString(), repeat: { every: "weekday", time_zone: "Pacific/Auckland" } });
  const look = { width: 360, height: 760, theme: "dark", locale: "en-GB" };
  for (const path of [`/alerts/${id}`, "/scheduled", "/"]) {
    await as(marta, path, async (page) => {
      if (path === "/") await compose(page, "x");
      else await page.locator(path === "/scheduled" ? "[data-testid=planned]" : "[data-testid=timeline]").first().waitFor();
      if (path === "/") await page.getByText("Later", { exact: true }).click();
      assert.equal(await overflow(page), 0, path);
      assert.deepEqual(await faults(page), [], path);
    }, look);
  }
});

test("no page complained", () => assert.deepEqual(complaints, []));
