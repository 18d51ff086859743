// The first load: what the browser fetches, compressed, before and after the log-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaints, enter, launch } from "./browser.mjs";
import { env } from "./env.mjs";

const MOST_BYTES = 300_000;
let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

test("the first load is at most 300 kB, the log-in page and the start together", async (context) => {
  const tab = await browser.newContext({ ignoreHTTPSErrors: true, locale: "es-ES" });
  const page = await tab.newPage();
  const session = await tab.newCDPSession(page);
  const addresses = new Map();
  const bytes = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => addresses.set(requestId, new URL(response.url).pathname));
  // Of the bodies, as they cross the network.
  session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId);
    // What the hub says of its data is not the panel.
    if (address && !address.startsWith("/api/")) bytes.set(address, (bytes.get(address) ?? 0) + encodedDataLength);
  });
  await session.send("Network.enable");
  await page.goto(`${env.url}/admin`);
  // The rest is fetched while somebody types.
  await page.waitForSelector("#login-password");
  const logIn = sum(bytes);
  await page.waitForLoadState("networkidle");
  await enter(page, { username: env.user, password: env.password });
  await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
  const all = sum(bytes);
  for (const [address, size] of [...bytes].sort(([, a], [, b]) => b - a)) context.diagnostic(`${(size / 1000).toFixed(1)} kB ${address}`);
  context.diagnostic(`log-in ${(logIn / 1000).toFixed(1)} kB, with the start ${(all / 1000).toFixed(1)} kB`);
  assert.ok(all > 50_000, "it was measured at all");
  assert.ok(all <= MOST_BYTES, `${all} bytes, at most ${MOST_BYTES}`);
  await tab.close();
});

test("no page complained", () => assert.deepEqual(complaints, []));

function sum(sizes) {
  return [...sizes.values()].reduce((all, size) => all + size, 0);
}
