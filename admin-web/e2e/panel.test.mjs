// The journeys of a technician and an administrator through the panel, on a real hub with real agents.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";
import { sensor } from "./sensor.mjs";

const marta = { username: `marta-${mark}`, password: `correct horse ${mark}` };
const names = { sol: `Sol ${mark}`, luna: `Luna ${mark}`, mar: `Mar ${mark}` };

let browser;
let admin;
let sol;
let luna;
let mar;

before(async () => {
  browser = await launch();
  admin = await asAdmin();
  await json(admin.post("/api/users", { data: { ...marta, role: "technician" } }));
  sol = await Agent.enrolled(names.sol);
  luna = await Agent.enrolled(names.luna);
});

after(async () => {
  await stopAll();
  await admin?.dispose();
  await browser?.close();
});

/** A signed-in technician's page of its own; closed after the journey. */
async function asMarta(run) {
  const page = await open(browser);
  try {
    await enter(page, marta);
    await run(page);
  } finally {
    await page.context().close();
  }
}

/** One signed-in page for all journeys of a suite; each starts at the start page with nothing written. */
function sharedPage() {
  let page;
  before(async () => {
    page = await open(browser);
    await enter(page, marta);
  });
  beforeEach(async () => {
    await page.click("header a >> nth=0");
    await page.fill("#compose-text", "");
    await page.fill("[data-search]", "");
    await away(page);
  });
  after(() => page?.context().close());
  return () => page;
}

const row = (page, group, name) => page.locator(`[data-testid=group-${group}] [data-testid=delivery]`, { hasText: name });
const client = (page, name) => page.locator("[data-testid=client]", { hasText: name });
const away = (page) => page.mouse.move(2, 2);

async function write(page, text, severity = "info") {
  await page.click(`label[data-severity=${severity}]`);
  await page.fill("#compose-text", text);
}

/** Sends and follows the link to the board. */
async function sendAndFollow(page, text, severity) {
  await write(page, text, severity);
  await page.click("[data-testid=send]");
  await page.click("[data-testid=send-state][data-kind=good] a");
  await page.waitForSelector("[data-testid=progress]");
  await away(page);
}

describe("log-in", () => {
  test("a wrong password is refused in words, the right one enters", async () => {
    const page = await open(browser);
    await page.fill("#login-username", marta.username);
    await page.fill("#login-password", "wrong");
    await page.keyboard.press("Enter");
    const error = page.locator("[data-testid=login-error]");
    await error.waitFor();
    await soon(async () => assert.match(await error.innerText(), /usuario o la contraseña/));
    await enter(page, marta);
    await page.locator("[data-testid=send]").waitFor();
    await page.context().close();
  });

  test("the token lives in memory alone: nothing is stored, and a reload asks again at the same address", async () => {
    await asMarta(async (page) => {
      await page.click("a[href='/events']");
      const kept = await page.evaluate(async () => [
        localStorage.length, sessionStorage.length, document.cookie.length, (await indexedDB.databases()).length, (await caches.keys()).length,
      ]);
      assert.deepEqual(kept, [0, 0, 0, 0, 0]);
      assert.deepEqual(await page.context().cookies(), []);
      await page.reload();
      await page.waitForSelector("#login-password");
      await soon(() => assert.equal(new URL(page.url()).pathname, "/events"));
      await enter(page, marta);
      await page.getByRole("heading", { name: "Eventos", level: 1 }).waitFor();
    });
  });

  test("signing out ends the session on the hub", async () => {
    const page = await open(browser);
    const asked = page.waitForRequest((request) => request.url().endsWith("/api/session"));
    await enter(page, marta);
    const { authorization } = await (await asked).allHeaders();
    await page.getByRole("button", { name: /Cuenta de/ }).click();
    const left = page.waitForResponse((answer) => answer.url().endsWith("/api/logout"));
    await page.getByRole("menuitem", { name: "Salir" }).click();
    await left;
    await page.waitForSelector("#login-password");
    const answer = await page.context().request.get(`${env.url}/api/session`, { headers: { authorization } });
    assert.equal(answer.status(), 401);
    await page.context().close();
  });
});

describe("alerts", () => {
  const shared = sharedPage();

  test("presence is live: who connects turns online without a reload", async () => {
    const page = shared();
    await page.fill("[data-search]", mark);
    await client(page, names.sol).waitFor();
    await soon(async () => assert.equal(await client(page, names.sol).getAttribute("data-online"), "false"));
    await Promise.all([sol.start(), luna.start()]);
    await page.locator("[data-testid=client][data-online=true]", { hasText: names.sol }).waitFor();
    await page.locator("[data-testid=client][data-online=true]", { hasText: names.luna }).waitFor();
    await luna.stop();
    await page.locator("[data-testid=client][data-online=false]", { hasText: names.luna }).waitFor();
    await luna.start();
  });

  test("an alert to everybody moves on the board from not seen to delivered to seen", async () => {
    mar = await Agent.enrolled(names.mar);
    const page = shared();
    const text = `Corte de luz ${mark}`;
    const { total } = await json(admin.get("/api/clients?limit=1"));
    await page.getByRole("button", { name: `Enviar a ${total}`, exact: true }).waitFor();
    await sendAndFollow(page, text, "warning");
    await row(page, "delivered", names.sol).waitFor();
    await row(page, "delivered", names.luna).waitFor();
    await row(page, "unseen", names.mar).waitFor();

    const [{ id }] = await Promise.all([sol.alert(text), luna.alert(text)]);
    sol.say({ id, state: "displayed" });
    await row(page, "seen", names.sol).waitFor();
    sol.say({ id, state: "dismissed" });
    await row(page, "seen", names.sol).locator("svg").waitFor();

    await mar.start();
    await row(page, "delivered", names.mar).waitFor();
    await soon(async () => {
      const progress = await page.locator("[data-testid=progress]").innerText();
      assert.match(progress.replace(/\s+/g, " "), new RegExp(`Visto 1 Entregado 3 de ${total}`));
    });

    await page.locator("[data-testid=group-delivered]").getByRole("button", { name: "Copiar lista" }).click();
    await soon(async () => {
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.deepEqual(copied.split("\n").filter((name) => name.includes(mark)), [names.luna, names.mar].sort());
    });
  });

  test("rows keep their place while the pointer rests on them, and the counters go on", async () => {
    const page = shared();
    const text = `No saltes ${mark}`;
    await sendAndFollow(page, text);
    await row(page, "delivered", names.luna).waitFor();
    const { id } = await luna.alert(text);
    await row(page, "delivered", names.luna).hover();
    luna.say({ id, state: "displayed" });
    await page.locator("[data-testid=delivery][data-moved]", { hasText: names.luna }).waitFor();
    assert.equal(await row(page, "delivered", names.luna).count(), 1);
    await soon(async () => assert.match(await page.locator("[data-testid=group-seen] h2").innerText(), /1/));
    await away(page);
    await row(page, "seen", names.luna).waitFor();
  });

  test("a critical alert to everybody asks once more, with the focus on cancel, and Ctrl+Enter never sends it", async () => {
    const page = shared();
    const text = `Evacuación ${mark}`;
    await write(page, text, "critical");
    await page.focus("#compose-text");
    await page.keyboard.press("Control+Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText(text).waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "Cancelar");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    const { alerts } = await json(admin.get("/api/alerts?limit=5"));
    assert.ok(!alerts.some((alert) => alert.text === text));

    await page.click("[data-testid=send]");
    await page.click("[data-testid=confirm-send]");
    await page.waitForSelector("[data-testid=send-state][data-kind=good]");
    await sol.alert(text);
  });

  test("a withdrawn alert leaves the screens", async () => {
    const page = shared();
    const text = `Falsa alarma ${mark}`;
    await sendAndFollow(page, text);
    const { id } = await sol.alert(text);
    await page.getByRole("button", { name: "Retirar aviso" }).click();
    await page.waitForFunction(() => document.activeElement?.textContent === "Cancelar");
    await page.getByRole("dialog").getByRole("button", { name: "Retirar", exact: true }).click();
    await page.getByText(/^Retirado/).waitFor();
    await sol.heard((line) => line.type === "withdraw" && line.id === id, "the withdrawal");
  });

  test("sending again after a lost answer sends once", async () => {
    const page = shared();
    const text = `Solo una vez ${mark}`;
    await page.route("**/api/alerts", async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await write(page, text);
    await page.click("[data-testid=send]");
    await page.waitForSelector("[data-testid=send-state][data-kind=bad]");
    await page.click("[data-testid=send]");
    await page.waitForSelector("[data-testid=send-state][data-kind=good]");
    const { alerts } = await json(admin.get("/api/alerts?limit=10"));
    assert.equal(alerts.filter((alert) => alert.text === text).length, 1);
  });
});

describe("live", () => {
  const shared = sharedPage();

  test("an event from the TCP port appears at once, on both pages", { skip: !env.events && "E2E_EVENTS is not set" }, async () => {
    const page = shared();
    await page.getByRole("heading", { name: "Últimos eventos" }).waitFor();
    await sensor({ source: `router-${mark}`, severity: "warning", message: "Latencia elevada en eth0" });
    await page.locator("[data-testid=event]", { hasText: `router-${mark}` }).waitFor();
    await page.click("a[href='/events'] >> nth=0");
    await page.getByRole("heading", { level: 1, name: "Eventos" }).waitFor();
    await sensor({ source: `ups-${mark}`, severity: "error", message: "SAI en batería" });
    const event = page.locator("[data-testid=event]", { hasText: `ups-${mark}` });
    await event.waitFor();
    await soon(async () => assert.match(await event.innerText(), /Error/));
  });

  test("a branch that writes is heard", async () => {
    const page = shared();
    sol.say({ message: "No hay luz en la tienda" });
    await page.getByText("No hay luz en la tienda").last().waitFor();
    await page.getByText(`Mensaje de ${names.sol}`).last().waitFor();
  });

  test("a second PC under a live name is told to the technicians, and the first stays", async () => {
    const page = shared();
    const twin = await sol.startTwin();
    await page.getByText(`Alguien intentó conectarse como ${names.sol}`).last().waitFor();
    await twin.stop();
    assert.equal(await client(page, names.sol).getAttribute("data-online"), "true");
  });

  test("a lost link is said lastingly, with the age of the data, and comes back by itself", async () => {
    const page = shared();
    const cut = await cutLink(page);
    const banner = page.locator("[data-testid=link-banner]");
    await banner.waitFor({ timeout: 25_000 });
    await soon(async () => assert.match(await banner.innerText(), /Sin conexión con el hub desde hace .* Se muestran datos de las \d\d:\d\d:\d\d/s));
    await soon(async () => assert.equal(await page.locator("[data-testid=link-status]").getAttribute("data-phase"), "lost"));
    await soon(async () => assert.ok(await page.getByRole("heading", { name: "Avisos recientes" }).isVisible(), "the old data stays"));
    await cut.mend();
    await page.waitForSelector("[data-testid=link-status][data-phase=live]", { timeout: 30_000 });
    await banner.waitFor({ state: "hidden" });
  });
});

describe("preferences", () => {
  test("language and theme are kept for the user on the hub", async () => {
    // A user of its own: the others' journeys read Spanish.
    const nora = { username: `nora-${mark}`, password: `in two languages ${mark}` };
    await json(admin.post("/api/users", { data: { ...nora, role: "technician" } }));
    const looksLike = (page, looks) => page.locator(`html${looks}`).waitFor({ state: "attached" });
    const page = await open(browser);
    await looksLike(page, "[lang=es][data-mantine-color-scheme=light]");
    await enter(page, nora);
    const kept = (wanted) => page.waitForResponse((answer) => answer.url().endsWith("/api/session/preferences")
      && answer.ok() && answer.request().postDataJSON()[wanted[0]] === wanted[1]);
    await page.getByRole("button", { name: /Cuenta de/ }).click();
    await Promise.all([
      kept(["theme", "dark"]),
      kept(["language", "en"]),
      page.getByRole("menuitemradio", { name: "Tema oscuro" }).click().then(() => page.getByRole("menuitemradio", { name: "English" }).click()),
    ]);
    await page.getByRole("heading", { name: "New alert" }).waitFor();
    await page.context().close();
    const later = await open(browser);
    await looksLike(later, "[lang=es][data-mantine-color-scheme=light]");
    await enter(later, nora);
    await later.getByRole("heading", { name: "New alert" }).waitFor();
    await looksLike(later, "[lang=en][data-mantine-color-scheme=dark]");
    await later.context().close();
  });

  test("one-letter shortcuts work, stay silent in a field, and can be switched off", async () => {
    await asMarta(async (page) => {
      await page.keyboard.press("n");
      await page.waitForFunction(() => document.activeElement?.id === "compose-text");
      await page.keyboard.type("e?");
      assert.equal(await page.inputValue("#compose-text"), "e?");
      await page.fill("#compose-text", "");
      await page.locator("main").focus();
      await page.keyboard.press("?");
      await page.getByRole("switch").click({ force: true });
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.locator("main").focus();
      await page.keyboard.type("ge");
      assert.equal(new URL(page.url()).pathname, "/");
    });
  });
});

describe("administration", () => {
  test("an account that may only read sees everything and sends nothing", async () => {
    const viewer = { username: `vera-${mark}`, password: `only looking ${mark}` };
    await json(admin.post("/api/users", { data: { ...viewer, role: "viewer" } }));
    const page = await open(browser);
    await enter(page, viewer);
    await page.getByText("Tu cuenta es de solo lectura").waitFor();
    await soon(async () => assert.equal(await page.locator("[data-testid=send]").count(), 0));
    await page.click("[data-testid=recent-alert] >> nth=0");
    await page.waitForSelector("[data-testid=progress]");
    await soon(async () => assert.equal(await page.getByRole("button", { name: "Retirar aviso" }).count(), 0));
    await page.context().close();
  });

  test("a changed password ends the session at once, and what was being written is still there", async () => {
    await asMarta(async (page) => {
      await page.fill("#compose-text", "a medio escribir");
      marta.password = `another horse ${mark}`;
      await json(admin.patch(`/api/users/${marta.username}`, { data: { password: marta.password } }));
      await page.getByText("Tu sesión ha terminado").waitFor();
      await enter(page, marta);
      await soon(async () => assert.equal(await page.inputValue("#compose-text"), "a medio escribir"));
      await page.fill("#compose-text", "");
    });
  });

  test("the command that the panel shows enrols a PC", async () => {
    const page = await open(browser, { path: "/admin" });
    await enter(page, { username: env.user, password: env.password });
    await page.getByRole("button", { name: "Añadir equipo" }).click();
    const name = `Caja ${mark} 2`;
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nombre de la sucursal").fill(name);
    await dialog.getByRole("button", { name: "Crear código" }).click();
    await dialog.getByRole("button", { name: "Copiar orden" }).click();
    const command = await soon(async () => {
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /^pregon-tray/);
      return copied;
    });
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    assert.deepEqual(words.slice(0, 2), ["pregon-tray", "enrol"]);
    const agent = new Agent(name);
    await agent.enrol(words.slice(2));
    await agent.start();
    await agent.stop();
    await page.context().close();
  });
});

describe("form", () => {
  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing, and nothing is wider than the window (${theme})`, async () => {
      const page = await open(browser, { theme, width: 360, height: 740 });
      const found = [];
      const look = async (where) => {
        await page.waitForTimeout(150);
        for (const width of [1280, 640, 320]) {
          await page.setViewportSize({ width, height: 740 });
          assert.ok((await overflow(page)) <= 0, `${where} is too wide at ${width}`);
          if (width === 1280) found.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));
        }
        // The places stand at the side again.
        await page.setViewportSize({ width: 1280, height: 740 });
      };
      await page.waitForSelector("#login-password");
      await look("log-in");
      await enter(page, marta);
      await page.waitForSelector("[data-testid=recent-alert]");
      await look("start");
      await page.click("[data-testid=recent-alert] >> nth=0");
      await page.waitForSelector("[data-testid=progress]");
      await look("board");
      await page.click("a[href='/events'] >> nth=0");
      await page.getByRole("heading", { level: 1, name: "Eventos" }).waitFor();
      await look("events");
      await page.context().close();
      assert.deepEqual(found, []);
    });
  }

  test("no page complained: no error, no warning, no violation of the policy", () => {
    assert.deepEqual(complaints, []);
  });
});

/** Freezes the hub where its process is known; else cuts this page's network. */
async function cutLink(page) {
  if (env.pid > 0) {
    process.kill(env.pid, "SIGSTOP");
    return { mend: () => process.kill(env.pid, "SIGCONT") };
  }
  const session = await page.context().newCDPSession(page);
  const offline = (is) => session.send("Network.emulateNetworkConditions", { offline: is, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await session.send("Network.enable");
  await offline(true);
  return { mend: () => offline(false) };
}
