// Theme and language of the user. The hub keeps them; before log-in the browser's own settings count.
import type { MantineColorSchemeManager } from "@mantine/core";
import { i18n, speak } from "../i18n";
import { api, unwrap } from "../api/client";
import type { Language, Theme } from "../api/types";
import { browserLanguage } from "./language";
import { session } from "./session";
import { createStore } from "./store";

export interface Preferences {
  theme: Theme;
  language: Language;
}

export const preferences = createStore<Preferences>({ theme: "auto", language: browserLanguage(navigator.languages) });

/** What somebody chose on the log-in page counts more than what the hub remembers. */
let chosen: Partial<Preferences> = {};

/** Takes over what the hub keeps for the user of this token. A failure is no reason to refuse the log-in. */
export async function adoptFromHub(token: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const touched = chosen;
  chosen = {};
  try {
    const kept = await unwrap(api.GET("/api/session", { headers }));
    const next = { theme: kept.theme, language: kept.language ?? preferences.get().language, ...touched };
    preferences.set(next);
    if (Object.keys(touched).length > 0) await unwrap(api.PUT("/api/session/preferences", { headers, body: next }));
  } catch {
    preferences.set({ ...preferences.get(), ...touched });
  }
}

/** Shows the change at once and keeps it on the hub; goes back when the hub refuses. */
export async function choose(change: Partial<Preferences>): Promise<void> {
  const before = preferences.get();
  const next = { ...before, ...change };
  preferences.set(next);
  if (!session.get()) {
    chosen = { ...chosen, ...change };
    return;
  }
  try {
    await keep(next);
  } catch (error) {
    preferences.set(before);
    throw error;
  }
}

let lastKept: Promise<unknown> = Promise.resolve();

/** One after the other: two requests at once may arrive in the other order, and the older choice would stay. */
function keep(next: Preferences): Promise<unknown> {
  lastKept = lastKept.catch(() => undefined).then(() => unwrap(api.PUT("/api/session/preferences", { body: next })));
  return lastKept;
}

preferences.subscribe(() => {
  const { language } = preferences.get();
  if (i18n.language !== language) speak(language).catch(() => undefined);
});

/** Mantine's own manager writes to the browser's storage; this one asks the store above. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: () => preferences.get().theme,
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};
