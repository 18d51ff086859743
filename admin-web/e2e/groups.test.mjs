// The journeys through groups and users: made, sent to, imported, looked at, deleted; on a real hub with real agents.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { complaints, enter, expected, faults, launch, open, overflow, soon } from "./browser.mjs";
import { env, mark } from "./env.mjs";

const root = { username: env.user, password: env.password };
const marta = { username: `marta-${mark}`, password: `correct horse ${mark}` };
const vera = { username: `vera-${mark}`, password: `only looking ${mark}` };
const names = { ana: `Ana ${mark}`, bea: `Bea ${mark}`, cova: `Cova ${mark}`, later: `Luego ${mark}` };
const norte = `Norte ${mark}`;
// What the hub refuses here, the browser writes into its console.
expected.push(/status of 422/);

let browser;
let api;
let ana;
let bea;
let cova;

before(async () => {
  browser = await launch();
  api = await asAdmin();
  await json(api.post("/api/users", { data: { ...marta, role: "technician" } }));
  await json(api.post("/api/users", { data: { ...vera, role: "viewer" } }));
  ana = await Agent.enrolled(names.ana);
  bea = await Agent.enrolled(names.bea);
  cova = await Agent.enrolled(names.cova);
  await Promise.all([ana.start(), cova.start()]);
});

after(async () => {
  await stopAll();
  await api?.dispose();
  await browser?.close();
});

/** Through the door that is the person's, at whatever address. */
async function pass(page, who) {
  const path = new URL(page.url()).pathname;
  if (who === root && path.startsWith("/groups")) await page.getByRole("button", { name: "Entrar como administrador" }).click();
  if (who !== root && path === "/users") await page.getByRole("button", { name: "Entrar como técnico" }).click();
  await enter(page, who);
}

/** A signed-in page of its own, closed after the journey. */
async function as(who, path, run) {
  const page = await open(browser, { path });
  try {
    await pass(page, who);
    await run(page);
  } finally {
    await page.context().close();
  }
}

const place = (page, where, name) => page.locator(`[data-testid=place-${where}] [data-testid=group-member]`, { hasText: name });
const delivery = (page, name) => page.locator("[data-testid=delivery]", { hasText: name });
const member = (page, name) => page.getByRole("dialog").locator("[data-testid=member]", { hasText: name });
const focusIsOnCancel = (page) => page.waitForFunction(() => document.activeElement?.textContent === "Cancelar");

function paste(page, text) {
  return page.locator("#group-members").evaluate((field, words) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", words);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

describe("groups", () => {
  test("a group is made of a chosen, a pasted and a not yet enrolled member, and lives with their presence", async () => {
    await as(root, "/groups", async (page) => {
      await page.getByRole("button", { name: "Nuevo grupo" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByTestId("save-group").click();
      await dialog.getByText("Escribe un nombre para el grupo").waitFor();
      await dialog.getByLabel("Nombre del grupo").fill(norte);
      await page.fill("#group-members", names.ana.toUpperCase());
      await page.getByRole("option", { name: new RegExp(names.ana) }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await member(page, names.ana).waitFor();
      await soon(async () => assert.equal(await page.inputValue("#group-members"), ""));
      await paste(page, `${names.bea}\n${names.ana}, ${names.later}\n`);
      await member(page, names.later).waitFor();
      await soon(async () => assert.equal(await dialog.getByTestId("member-count").innerText(), "3 miembros"));
      await dialog.getByTestId("save-group").click();

      await page.getByRole("heading", { level: 1, name: norte }).waitFor();
      await soon(() => assert.equal(new URL(page.url()).pathname, `/groups/${encodeURIComponent(norte)}`));
      await place(page, "connected", names.ana).waitFor();
      await place(page, "disconnected", names.bea).waitFor();
      await place(page, "unknown", names.later).waitFor();
      await bea.start();
      await place(page, "connected", names.bea).waitFor();
      await bea.stop();
      await place(page, "disconnected", names.bea).waitFor();
      await bea.start();
    });
  });

  test("an alert to a group reaches its members alone, and board and list name the group", async () => {
    await as(marta, "/", async (page) => {
      const text = `Solo para el norte ${mark}`;
      await page.getByText("Un grupo", { exact: true }).click();
      await page.fill("#compose-text", text);
      await page.click("[data-testid=send]");
      await page.getByText("Elige un grupo").first().waitFor();
      await page.fill("#compose-group", norte.toLowerCase());
      await page.getByRole("option", { name: new RegExp(norte) }).click();
      const send = page.getByRole("button", { name: "Enviar a 2", exact: true });
      await send.waitFor();
      await page.getByText("2 de 2 en línea ahora · 1 sin alta no lo recibirá").waitFor();
      await send.click();
      await page.click("[data-testid=send-state][data-kind=good] a");
      await delivery(page, names.ana).waitFor();
      await delivery(page, names.bea).waitFor();
      await page.getByText(`Para: grupo ${norte}`).waitFor();
      await soon(async () => assert.equal(await page.locator("[data-testid=delivery]").count(), 2));

      const { id } = await ana.alert(text);
      await bea.alert(text);
      ana.say({ id, state: "displayed" });
      await page.locator("[data-testid=group-seen] [data-testid=delivery]", { hasText: names.ana }).waitFor();
      assert.ok(!cova.lines.some((line) => line.type === "alert" && line.text === text), "who is no member hears nothing");
      await page.click("header a >> nth=0");
      await page.locator("[data-testid=recent-alert]", { hasText: text }).getByText(`Para: grupo ${norte}`).waitFor();
    });
  });

  test("a critical alert to a group asks once more and names the group", async () => {
    await as(marta, `/groups/${encodeURIComponent(norte)}`, async (page) => {
      await page.getByRole("button", { name: "Enviar aviso" }).click();
      await page.waitForFunction(() => document.activeElement?.id === "compose-text");
      await soon(async () => assert.equal(await page.inputValue("#compose-group"), norte));
      await page.click("label[data-severity=critical]");
      await page.fill("#compose-text", `Sin salir ${mark}`);
      await page.click("[data-testid=send]");
      await page.getByText(`El aviso irá a las 2 sucursales del grupo ${norte}.`).waitFor();
      await focusIsOnCancel(page);
      await page.keyboard.press("Escape");
      await page.fill("#compose-text", "");
    });
  });

  test("what the hub refuses stands beside the field; a change renames and takes members out", async () => {
    const sur = `Sur ${mark}`;
    await json(api.post("/api/groups", { data: { name: sur, members: [names.cova, names.later] } }));
    await as(root, `/groups/${encodeURIComponent(sur)}`, async (page) => {
      await page.getByRole("button", { name: "Editar" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Nombre del grupo").fill(norte.toUpperCase());
      await dialog.getByTestId("save-group").click();
      await dialog.getByText("Ya hay un grupo con este nombre").waitFor();
      await dialog.getByLabel("Nombre del grupo").fill(`Sureste ${mark}`);
      await page.fill("#group-members", `${"x".repeat(65)}`);
      await page.keyboard.press("Enter");
      await dialog.getByTestId("save-group").click();
      await dialog.getByText("El hub no acepta 1 nombre").waitFor();
      await dialog.locator("[data-testid=member][data-faulty]").getByRole("button", { name: /Quitar/ }).click();
      await dialog.getByRole("button", { name: `Quitar ${names.later}` }).click();
      await dialog.getByTestId("save-group").click();
      await page.getByRole("heading", { level: 1, name: `Sureste ${mark}` }).waitFor();
      await page.getByText("Todos están dados de alta").waitFor();
      const group = await json(api.get(`/api/groups/${encodeURIComponent(`Sureste ${mark}`)}`));
      assert.deepEqual([group.connected, group.disconnected, group.unknown], [[names.cova], [], []]);
    });
  });

  test("a deleted group is gone, and its address says so", async () => {
    const path = `/groups/${encodeURIComponent(`Sureste ${mark}`)}`;
    await as(root, path, async (page) => {
      await page.getByRole("button", { name: "Eliminar", exact: true }).click();
      await focusIsOnCancel(page);
      await page.click("[data-testid=confirm-delete]");
      await page.waitForURL("**/groups");
      // The page before has a search of its own.
      await page.locator("[data-testid=group]").first().waitFor();
      await page.fill("[data-search]", mark);
      await page.locator("[data-testid=group]", { hasText: norte }).waitFor();
      await page.waitForURL(`**/groups?search=${mark}`);
      await soon(async () => assert.equal(await page.locator("[data-testid=group]", { hasText: `Sureste ${mark}` }).count(), 0));
    });
    await as(root, path, (page) => page.getByText(`El grupo «Sureste ${mark}» no existe`).waitFor());
  });

  test("a file with faults imports nothing and says every line; the mended one imports all, and the export has them", async () => {
    await as(root, "/groups", async (page) => {
      await page.getByRole("button", { name: "Importar CSV" }).click();
      const choose = page.getByTestId("import-file");
      await choose.setInputFiles(csv("mal.csv", `Uno ${mark},${names.ana}\nDos ${mark}\n${norte},${names.bea}\n`));
      await page.getByTestId("import-bad").waitFor();
      await soon(async () => assert.match(await page.getByTestId("import-fault").first().innerText(), /Línea 2/));
      await soon(async () => assert.ok(await page.getByTestId("import").isDisabled()));
      assert.equal((await json(api.get(`/api/groups?search=${encodeURIComponent(`Uno ${mark}`)}`))).total, 0);

      await choose.setInputFiles(csv("bien.csv", `Uno ${mark},${names.ana}\nDos ${mark},${names.bea},${names.later}\n`));
      await page.getByText("Se crearán 2 grupos con 3 miembros en total.").waitFor();
      await soon(async () => assert.equal(await page.getByTestId("import-group").count(), 2));
      assert.equal((await json(api.get(`/api/groups?search=${encodeURIComponent(`Uno ${mark}`)}`))).total, 0);
      await page.getByRole("button", { name: "Importar 2 grupos" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.locator("[data-testid=group]", { hasText: `Uno ${mark}` }).waitFor();
      await page.locator("[data-testid=group]", { hasText: `Dos ${mark}` }).waitFor();

      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: "Exportar CSV" }).click();
      const file = await saved;
      assert.equal(file.suggestedFilename(), "groups.csv");
      assert.match(readFileSync(await file.path(), "utf8"), new RegExp(`Dos ${mark},${names.bea},${names.later}`));
    });
  });

  test("a file that is dropped onto the page is looked at first", async () => {
    await as(root, "/groups", async (page) => {
      await page.getByRole("heading", { level: 1, name: "Grupos" }).waitFor();
      const dropped = await page.evaluateHandle((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "soltado.csv", { type: "text/csv" }));
        return data;
      }, `Tres ${mark},${names.cova}\n`);
      await page.dispatchEvent("main h1", "dragenter", { dataTransfer: dropped });
      await page.getByText("Suelta el CSV para revisarlo").waitFor();
      await page.dispatchEvent("main h1", "drop", { dataTransfer: dropped });
      await page.getByText("Se creará 1 grupo con 1 miembro en total.").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      assert.equal((await json(api.get(`/api/groups?search=${encodeURIComponent(`Tres ${mark}`)}`))).total, 0);
    });
  });

  test("who may only read sees groups and changes nothing", async () => {
    await as(vera, "/groups", async (page) => {
      await page.fill("[data-search]", norte);
      await page.locator("[data-testid=group]", { hasText: norte }).click();
      await page.getByRole("heading", { level: 1, name: norte }).waitFor();
      for (const name of ["Editar", "Eliminar", "Enviar aviso"]) await soon(async () => assert.equal(await page.getByRole("button", { name }).count(), 0, name));
      await page.click("nav a[href='/groups']");
      await page.getByRole("heading", { level: 1, name: "Grupos" }).waitFor();
      for (const name of ["Nuevo grupo", "Importar CSV"]) await soon(async () => assert.equal(await page.getByRole("button", { name }).count(), 0, name));
    });
  });
});

describe("users", () => {
  const nuria = { username: `nuria-${mark}`, password: `a first secret ${mark}` };

  test("an account is made with its rules in sight, and logs in", async () => {
    await as(root, "/users", async (page) => {
      await page.getByRole("button", { name: "Nuevo usuario" }).first().click();
      await page.fill("#new-username", nuria.username);
      await page.fill("#new-password", "corta");
      await page.click("[data-testid=create-user]");
      await page.getByText("Tiene menos de 8 caracteres").waitFor();
      await page.fill("#new-password", nuria.username);
      await page.getByText("No puede ser el nombre de usuario").waitFor();
      await page.fill("#new-password", nuria.password);
      await page.fill("#new-password-again", "otra cosa");
      await page.getByText("Las dos contraseñas no son iguales").waitFor();
      await page.fill("#new-password-again", nuria.password);
      await page.click("[data-testid=create-user]");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.locator("[data-testid=user]", { hasText: nuria.username }).waitFor();

      await page.getByRole("button", { name: "Nuevo usuario" }).first().click();
      await page.fill("#new-username", nuria.username.toUpperCase());
      await page.fill("#new-password", nuria.password);
      await page.fill("#new-password-again", nuria.password);
      await page.click("[data-testid=create-user]");
      await page.getByText("Ya hay un usuario con este nombre").waitFor();
    });
    await as(nuria, "/", (page) => page.locator("[data-testid=send]").waitFor());
  });

  test("another password or role ends the person's sessions at once", async () => {
    const theirs = await open(browser);
    await enter(theirs, nuria);
    await as(root, `/users?search=${nuria.username}`, async (page) => {
      const act = async (what) => {
        await page.getByRole("button", { name: `Acciones para ${nuria.username}` }).click();
        await page.getByRole("menuitem", { name: what }).click();
        await page.getByRole("dialog").waitFor();
      };
      await act("Cambiar contraseña");
      await page.getByText(`Las sesiones abiertas de ${nuria.username} terminan en el acto`).waitFor();
      nuria.password = `a second secret ${mark}`;
      await page.fill("#new-password", nuria.password);
      await page.fill("#new-password-again", nuria.password);
      await page.click("[data-testid=change-password]");
      await theirs.getByText("Tu sesión ha terminado").waitFor();
      await enter(theirs, nuria);
      await page.getByRole("dialog").waitFor({ state: "hidden" });

      await act("Cambiar permisos");
      await page.getByRole("radio", { name: /Solo lectura/ }).check();
      await page.click("[data-testid=change-role]");
      await theirs.getByText("Tu sesión ha terminado").waitFor();
      await enter(theirs, nuria);
      await theirs.getByText("Tu cuenta es de solo lectura").waitFor();
      await page.getByRole("dialog").waitFor({ state: "hidden" });

      await act("Eliminar usuario");
      await focusIsOnCancel(page);
      await page.click("[data-testid=confirm-delete]");
      await theirs.getByText("Tu sesión ha terminado").waitFor();
      await page.getByText(`Nada coincide con «${nuria.username}»`).waitFor();
    });
    await theirs.context().close();
  });

  test("nobody else sees the entry, and the address explains itself", async () => {
    await as(marta, "/users", async (page) => {
      await page.getByText("Esta página es solo para la administración").waitFor();
      await soon(async () => assert.equal(await page.locator("nav a[href='/users']").count(), 0));
    });
  });
});

describe("form", () => {
  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing, and nothing is wider than the window (${theme})`, async () => {
      const page = await open(browser, { path: "/groups", theme });
      const found = [];
      const look = async (where) => {
        await page.waitForTimeout(250);
        for (const width of [1280, 640, 360, 320]) {
          await page.setViewportSize({ width, height: 740 });
          assert.ok((await overflow(page)) <= 0, `${where} is too wide at ${width}`);
          if (width === 1280 || width === 360) found.push(...(await faults(page)).map((fault) => `${where} at ${width}: ${fault}`));
        }
        await page.setViewportSize({ width: 1280, height: 860 });
      };
      await pass(page, root);
      await page.waitForSelector("[data-testid=group]");
      await look("groups");
      await page.getByRole("button", { name: "Nuevo grupo" }).click();
      await paste(page, `${names.ana}\n${names.later}`);
      await look("group editor");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Importar CSV" }).click();
      await page.getByTestId("import-file").setInputFiles(csv("mal.csv", `Solo\n${norte},${names.bea}\n`));
      await page.getByTestId("import-bad").waitFor();
      await look("import");
      await page.keyboard.press("Escape");
      await page.locator("[data-testid=group]", { hasText: norte }).click();
      await page.waitForSelector("[data-testid=group-member]");
      await look("group");
      await page.click("nav a[href='/users']");
      await page.waitForSelector("[data-testid=user]");
      await look("users");
      await page.getByRole("button", { name: "Nuevo usuario" }).click();
      await look("new user");
      await page.keyboard.press("Escape");
      await page.click("header a >> nth=0");
      await page.getByText("Un grupo", { exact: true }).click();
      await look("compose");
      await page.context().close();
      assert.deepEqual(found, []);
    });
  }

  test("no page complained: no error, no warning, no violation of the policy", () => {
    assert.deepEqual(complaints, []);
  });
});
