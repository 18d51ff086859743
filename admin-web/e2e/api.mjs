// The hub's HTTP interface, for arranging and for looking behind the panel.
import { request } from "playwright-core";
import { env } from "./env.mjs";

async function tokenOf(path, credentials) {
  const door = await request.newContext({ baseURL: env.url, ignoreHTTPSErrors: true });
  const answer = await door.post(path, { data: credentials });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  const { token } = await answer.json();
  await door.dispose();
  return token;
}

export async function asAdmin() {
  const token = await tokenOf("/api/admin/login", { username: env.user, password: env.password });
  return request.newContext({ baseURL: env.url, ignoreHTTPSErrors: true, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
}

export async function json(answer) {
  const got = await answer;
  if (!got.ok()) throw new Error(`${got.url()}: ${got.status()} ${await got.text()}`);
  const text = await got.text();
  return text && JSON.parse(text);
}
