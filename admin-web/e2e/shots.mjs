// Pictures of every page in both themes, wide and narrow, for people to look at. SHOTS_DIR says where they go.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Agent, stopAll } from "./agent.mjs";
import { asAdmin, json } from "./api.mjs";
import { enter, goTo, launch, open } from "./browser.mjs";
import { env } from "./env.mjs";
import { places, stands } from "./places.mjs";

const out = process.env.SHOTS_DIR ?? "shots";
mkdirSync(out, { recursive: true });

const browser = await launch();
const branches = await Promise.all(["Cádiz Centro", "Málaga Puerto", "Jaén"].map((name) => Agent.enrolled(name)));
const admin = await asAdmin();
// Always the same names: a picture changes when the screen does.
const group = "Puertos del sur";
try {
  const members = [...branches.map((branch) => branch.name), "Motril"];
  await json(admin.post("/api/groups", { data: { name: group, members } }));
  await json(admin.post("/api/groups", { data: { name: "Oficinas", members: members.slice(1, 3) } }));
  await json(admin.post("/api/users", { data: { username: "Marta Sanz", password: "correct horse battery", role: "technician" } }));
  await Promise.all(branches.slice(0, 2).map((agent) => agent.start()));
  await aDay();
  for (const [theme, locale, width] of [["light", "es-ES", 1280], ["dark", "en-GB", 1280], ["light", "en-GB", 360], ["dark", "es-ES", 360]]) {
    await tour(theme, locale, width);
  }
} finally {
  await stopAll();
  await admin.dispose();
  await browser.close();
}

/** What a morning brings: the pages show what they are for, not that they are empty. */
async function aDay() {
  await json(admin.put("/api/phrases", { data: { phrases: ["Llama a la central", "Retirad el lote {lote} y llamad al {phone}", "Cerrad caja a las 14:00"] } }));
  for (const [source, severity, message] of [
    ["nevera-3", "warning", "Temperatura 9,5 °C, por encima de 8 °C"],
    ["router-jaen", "error", "Sin enlace en eth0 desde hace 4 minutos"],
    ["copias", "info", "Copia nocturna terminada en 12 min"],
    ["sai-malaga", "warning", "En batería, quedan 38 minutos"],
  ]) await json(admin.post("/api/events", { data: { source, severity, message } }));
  const everybody = { kind: "global" };
  await json(admin.post("/api/alerts", { data: { audience: everybody, severity: "warning", title: "Corte de luz", text: "Hoy de 15:00 a 16:00 en el centro.", replies: ["Enterados", "No podemos"] } }));
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await json(admin.post("/api/alerts", { data: { audience: { kind: "group", name: group }, severity: "info", text: "Inventario semanal: contad la nevera.", send_at: tomorrow, repeat: { every: "week" } } }));
  branches[0].say({ message: "¿Llega hoy el pedido de insulina?" });
  branches[1].say({ message: "La persiana se ha quedado a medias. ¿A quién llamamos?" });
}

async function tour(theme, locale, width) {
  const page = await open(browser, { path: "/admin", theme, locale, width, height: width < 500 ? 740 : 860 });
  const shot = async (name, fullPage = false) => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`), fullPage });
  };
  await page.waitForSelector("#login-password");
  await shot("login");
  await enter(page, { username: env.user, password: env.password });
  await shot("admin");
  await page.click("header a >> nth=0");
  await page.waitForSelector("[data-testid=client]");
  await shot("start", true);
  await page.click("label[data-severity=critical]");
  await page.fill("#compose-text", "Salid del edificio por la escalera norte.\nPunto de encuentro: la plaza.");
  await page.click("[data-testid=send]");
  await page.waitForSelector("[data-testid=confirm-send]");
  await shot("confirm");
  await page.click("[data-testid=confirm-send]");
  await page.click("[data-testid=send-state][data-kind=good] a");
  const { id } = await branches[0].heard((line) => line.type === "alert" && line.text.startsWith("Salid") && !line.shown, "the alert");
  for (const line of branches[0].lines) line.shown = true;
  branches[0].say({ id, state: "displayed" });
  await page.mouse.move(2, 2);
  await shot("board", width < 500);
  await goTo(page, "/events");
  await shot("events");
  await goTo(page, "/groups");
  await page.waitForSelector("[data-testid=group]");
  await shot("groups");
  await page.locator("[data-testid=group]", { hasText: group }).click();
  await page.waitForSelector("[data-testid=group-member]");
  await shot("group");
  await page.getByRole("button", { name: /^(Editar|Edit)$/ }).click();
  await page.fill("#group-members", "c");
  await shot("group-editor");
  // The suggestions lie over the buttons.
  await page.focus("#group-name");
  await closeDialog(page);
  await goTo(page, "/groups");
  await page.getByRole("button", { name: /^(Importar|Import) CSV$/ }).click();
  const choose = page.getByTestId("import-file");
  await choose.setInputFiles({ name: "sucursales.csv", mimeType: "text/csv", buffer: Buffer.from(`Costa,Motril,Nerja\nSierra\n${group},Nerja\n`) });
  await page.getByTestId("import-bad").waitFor();
  await shot("import-faults");
  await choose.setInputFiles({ name: "sucursales.csv", mimeType: "text/csv", buffer: Buffer.from("Costa,Motril,Nerja\nSierra,Lanjarón,Capileira,Bubión\n") });
  await page.getByTestId("import-good").waitFor();
  await shot("import");
  await closeDialog(page);
  await goTo(page, "/users");
  await page.waitForSelector("[data-testid=user]");
  await shot("users");
  await page.getByRole("button", { name: /^(Nuevo usuario|New user)$/ }).first().click();
  await page.fill("#new-username", "lucas");
  await page.fill("#new-password", "corta");
  await shot("new-user");
  await closeDialog(page);
  await others(page, width, shot);
  await page.context().close();
}

/** Places that have no pictures of their own above, called after their address. */
async function others(page, width, shot) {
  const shown = ["/", "/events", "/groups", "/users"];
  // A narrow window has them behind a button.
  await page.setViewportSize({ width: 1280, height: 860 });
  const rest = (await places(page)).filter((path) => !shown.includes(path));
  await page.setViewportSize({ width, height: width < 500 ? 740 : 860 });
  for (const path of rest) {
    await goTo(page, path);
    await stands(page);
    await shot(path.slice(1).replaceAll("/", "-"), width < 500);
  }
}

async function closeDialog(page) {
  await page.getByRole("dialog").getByRole("button", { name: /^(Cancelar|Cancel)$/ }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}
