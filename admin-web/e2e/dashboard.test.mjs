// The journeys through events: numbers, an event by hand, finding, mail, audit, demonstration, export and import.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";
import { sensor } from "./sensor.mjs";

const root = { username: env.user, password: env.password };
const marta = { username: `dora-${mark}`, password: `correct horse ${mark}` };
const vera = { username: `vito-${mark}`, password: `only looking ${mark}` };
expected.push(/status of 422/);

let browser;
let api;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await json(api.post("/api/users", { data: { ...marta, role: "technician" } }));
  await json(api.post("/api/users", { data: { ...vera, role: "viewer" } }));
});

after(async () => {
  await api?.dispose();
  await browser?.close();
});

async function as(who, path, run, look = {}) {
  const page = await open(browser, { path, ...look });
  try {
    if (who === root) await page.getByRole("button", { name: /^(Entrar como administrador|Log in as administrator)/ }).click();
    await enter(page, who);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const number = async (page, kind) => Number((await page.locator(`[data-testid=card-${kind}] .figures`).first().innerText()).replace(/\D/g, ""));
const report = (event) => json(api.post("/api/events", { data: event }));

describe("dashboard", () => {
  test("the numbers move when an event arrives, and lead to the events they count", async () => {
    await as(marta, "/events", async (page) => {
      await page.waitForFunction(() => /\d/.test(document.querySelector("[data-testid=card-total] .figures")?.textContent ?? ""));
      const before = await number(page, "warning");
      await report({ source: `ups-${mark}`, severity: "warning", message: "SAI en batería" });
      await page.locator("[data-testid=event]", { hasText: `ups-${mark}` }).waitFor();
      await page.waitForFunction(
        (least) => Number(document.querySelector("[data-testid=card-warning] .figures")?.textContent.replace(/\D/g, "")) >= least,
        before + 1,
      );
      await page.waitForSelector("[data-testid=severity-chart] canvas");
      await page.getByText("Tabla", { exact: true }).click();
      await page.locator("table tbody tr").first().waitFor();
      await page.click("[data-testid=card-warning] a");
      await page.waitForURL(/tab=events&severity=warning|severity=warning&tab=events/);
      await page.locator("[data-testid=event]", { hasText: `ups-${mark}` }).waitFor();
    });
  });

  test("an event by hand counts its characters and asks before it is critical", async () => {
    await as(marta, "/events?tab=create", async (page) => {
      const counter = page.getByTestId("event-counter");
      await soon(async () => assert.equal(await counter.innerText(), "0 / 300"));
      await page.getByRole("button", { name: "Registrar el evento" }).click();
      await page.getByText("Escribe qué ha pasado").waitFor();
      await page.fill("#event-message", "x".repeat(301));
      await soon(async () => assert.equal(await counter.innerText(), "301 / 300"));
      await page.getByText("El mensaje no puede pasar de 300 caracteres").waitFor();
      await page.fill("#event-source", `mano-${mark}`);
      await page.fill("#event-message", "Puerta abierta ñ");
      await page.getByText("Crítico", { exact: true }).click();
      await page.getByRole("button", { name: "Registrar el evento" }).click();
      await page.getByRole("dialog").getByText("Puerta abierta ñ").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Cancelar" }).click();
      assert.equal((await json(api.get(`/api/events?search=mano-${mark}`))).total, 0);
      await page.getByText("Error", { exact: true }).first().click();
      await page.getByRole("button", { name: "Registrar el evento" }).click();
      await page.getByText(/Evento \d+ registrado/).waitFor();
      const found = await json(api.get(`/api/events?search=mano-${mark}`));
      assert.deepEqual([found.total, found.events[0].severity], [1, "error"]);
    });
  });

  test("events are found on the hub, the address keeps the filter, and one shows all it holds", async () => {
    await report({ source: `zeta-${mark}`, severity: "error", message: "Disco al 100 %", labels: { rack: "B7" } });
    await as(marta, `/events?tab=events&severity=error&search=zeta-${mark}`, async (page) => {
      const row = page.locator("[data-testid=event]", { hasText: `zeta-${mark}` });
      await row.waitFor();
      await soon(async () => assert.equal(await page.locator("[data-testid=event]").count(), 1));
      await row.click();
      const drawer = page.getByRole("dialog");
      await drawer.getByText('"rack": "B7"').waitFor();
      await drawer.locator("[data-testid=email][data-status=skipped]").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("searchbox").fill("nada-de-esto");
      await page.getByText("Nada coincide con los filtros").waitFor();
      await soon(() => assert.match(page.url(), /search=nada-de-esto/));
      await page.getByRole("button", { name: "Quitar los filtros" }).click();
      await page.locator("[data-testid=event]").first().waitFor();
    });
  });

  test("every attempt to mail is listed, and a test says what came of it", async () => {
    await as(root, "/events?tab=mail", async (page) => {
      await page.locator("[data-testid=email]").first().waitFor();
      await page.getByText("Enviado", { exact: true }).first().click();
      await page.waitForURL(/status=sent/);
      await page.getByRole("button", { name: "Probar el correo" }).click();
      await page.getByRole("button", { name: "Enviar la prueba" }).click();
      await soon(async () => assert.match(await page.getByTestId("mail-answer").innerText(), /No se envió nada[\s\S]*smtp\.host/));
    });
  });

  test("the audit tells what happened to an event", async () => {
    await report({ source: `audit-${mark}`, severity: "critical", message: "Sin luz", dedup_key: `k-${mark}` });
    await report({ source: `audit-${mark}`, dedup_key: `k-${mark}`, resolved: true });
    await as(marta, "/events?tab=audit", async (page) => {
      for (const kind of ["raised", "resolved", "skipped"]) {
        await page.locator(`[data-testid=trace][data-kind=${kind}]`, { hasText: `audit-${mark}` }).first().waitFor();
      }
    });
  });

  test("events are found by the channel they came through, and the address keeps it", { skip: !env.events && "E2E_EVENTS is not set" }, async () => {
    await report({ source: `canal-${mark}`, severity: "info", message: "por la API" });
    await sensor({ source: `canal-${mark}`, severity: "info", message: "por el cable" });
    await as(marta, `/events?tab=events&search=canal-${mark}`, async (page) => {
      const rows = page.locator("[data-testid=event]");
      const row = (words) => rows.filter({ hasText: words });
      await row("por la API").waitFor();
      await row("por el cable").waitFor();
      const channel = page.getByRole("combobox", { name: "Por canal" });
      await channel.click();
      await page.getByRole("option", { name: "TCP", exact: true }).click();
      await page.waitForURL(/channel=tcp_socket/);
      await row("por la API").waitFor({ state: "detached" });
      await row("por el cable").getByText("TCP", { exact: true }).waitFor();
      await channel.click();
      await page.getByRole("option", { name: "Todos los canales" }).click();
      await row("por la API").waitFor();
      await soon(() => assert.doesNotMatch(page.url(), /channel=/));
      assert.deepEqual(await faults(page), []);
    });
  });

  test("what the hub itself notices is said in the reader's language, in list, drawer and filter", async () => {
    const what = `Nadie lo ve ${mark}`;
    const absent = `Ausente ${mark}`;
    await json(api.post("/api/clients", { data: { name: absent, secret: "never used" } }));
    await json(api.post("/api/alerts", { data: { audience: { kind: "private", name: absent }, text: what, expires_in_s: 1 } }));
    for (const [locale, words] of [["es-ES", `Un aviso caducó sin que 1 sucursal lo viera: ${what}`], ["en-GB", what]]) {
      await as(marta, "/events?tab=events&channel=hub", async (page) => {
        const row = page.locator("[data-testid=event]", { hasText: what });
        await row.getByText(words).waitFor();
        // A narrow window has no room for the channel; the drawer has.
        await row.getByText("Hub", { exact: true }).waitFor({ state: "attached" });
        if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/hub-${locale}.png` });
        await row.click();
        await page.getByRole("dialog").locator("dd", { hasText: words }).waitFor();
        assert.deepEqual(await faults(page), []);
        assert.ok((await overflow(page)) <= 0);
      }, locale === "es-ES" ? { width: 360, height: 740, theme: "dark" } : { locale, width: 1400 });
    }
    await api.delete(`/api/clients/${encodeURIComponent(absent)}`);
  });

  test("an event that a silence holds back is shown as silenced, with the reason, and mails nobody", async () => {
    const silence = await json(api.post("/api/silences", { data: { match: { sources: [`obra-${mark}`] }, reason: `Obras ${mark}`, ends_at: new Date(Date.now() + 600_000).toISOString() } }));
    await report({ source: `obra-${mark}`, severity: "error", message: "Polvo en el sensor" });
    await as(marta, "/events?tab=audit", async (page) => {
      const row = page.locator("[data-testid=trace][data-kind=silenced]", { hasText: `obra-${mark}` });
      await row.getByText("Silenciado", { exact: true }).waitFor();
      await row.getByText(`Obras ${mark}`).waitFor();
      if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/silenced.png` });
      await soon(async () => assert.equal(await page.locator("[data-testid=trace]:not([data-kind=silenced])", { hasText: `obra-${mark}` }).count(), 0));
      assert.deepEqual(await faults(page), []);
    });
    await json(api.delete(`/api/silences/${silence.id}`));
  });

  test("a demonstration asks first, an export comes back as an import", async () => {
    await as(root, "/events", async (page) => {
      await page.getByRole("button", { name: "Demostración" }).click();
      await page.getByRole("button", { name: "Registrar cinco eventos" }).click();
      await page.getByText("Cinco eventos de demostración registrados").waitFor();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Exportar" }).click()]);
      const file = JSON.parse(readFileSync(await download.path(), "utf8"));
      assert.ok(file.events.length >= 5 && file.emails.length > 0 && file.statistics.total_events >= 5);
      const before = (await json(api.get("/api/events"))).total;
      const chosen = (content) => ({ name: "e.json", mimeType: "application/json", buffer: Buffer.from(content) });
      for (const wrong of ["{", "[]", JSON.stringify({ events: [{ ...file.events[0], source: "" }] })]) {
        await page.getByTestId("event-file").setInputFiles(chosen(wrong));
        await page.getByTestId("import-faults").waitFor();
        await page.getByRole("dialog").getByRole("button", { name: "Cancelar" }).click();
        await page.getByRole("dialog").waitFor({ state: "hidden" });
      }
      await page.getByTestId("event-file").setInputFiles(chosen(JSON.stringify({ ...file, events: file.events.slice(0, 3) })));
      await soon(async () => assert.match(await page.getByTestId("import-preview").innerText(), /3 eventos/));
      assert.equal((await json(api.get("/api/events"))).total, before);
      await page.getByRole("dialog").getByRole("button", { name: "Importar" }).click();
      await page.getByText("3 eventos importados").waitFor();
      assert.equal((await json(api.get("/api/events"))).total, before + 3);
    });
  });

  test("who only looks finds nothing to press", async () => {
    await as(vera, "/events", async (page) => {
      await page.getByTestId("card-total").waitFor();
      for (const name of ["Demostración", "Importar"]) await soon(async () => assert.equal(await page.getByRole("button", { name }).count(), 0, name));
      await soon(async () => assert.equal(await page.getByRole("link", { name: "Crear evento" }).count(), 0));
    });
  });
});

describe("for everybody", () => {
  for (const [theme, width, locale] of [["light", 1400, "es-ES"], ["dark", 1400, "en-GB"], ["light", 360, "en-GB"], ["dark", 360, "es-ES"]]) {
    test(`no tab has faults: ${theme}, ${width} px, ${locale}`, async () => {
      const found = [];
      await as(marta, "/events", async (page) => {
        for (const tab of ["", "create", "events", "mail", "audit"]) {
          const link = tab ? `a[href='/events?tab=${tab}']` : "nav a[href='/events'][aria-current]";
          if (tab) await page.locator(`nav ${link}`).first().click();
          await page.waitForLoadState("networkidle");
          if (process.env.E2E_SHOTS) await page.screenshot({ path: `${process.env.E2E_SHOTS}/${tab || "overview"}-${theme}-${width}.png` });
          found.push(...(await faults(page)).map((fault) => `${tab}: ${fault}`));
          if ((await overflow(page)) > 0) found.push(`${tab}: wider than its window`);
        }
      }, { theme, width, locale });
      assert.deepEqual(found, []);
    });
  }

  test("no page complained", () => assert.deepEqual(complaints, []));
});
