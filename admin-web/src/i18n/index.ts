// The two catalogues, each fetched when it is wanted. Keys are checked by the compiler; that both have the same is tested.
import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../api/types";
import type { es } from "./es";

const CATALOGUES: Record<Language, () => Promise<Texts>> = {
  en: () => import("./en").then(({ en }) => en),
  es: () => import("./es").then(({ es }) => es),
};

export async function startI18n(language: Language): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: { [language]: { translation: await CATALOGUES[language]() } },
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

let wanted: Language | undefined;

/** Changes the language once its catalogue is here; the one of the moment stays when it does not come. */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  if (!i18n.hasResourceBundle(language, "translation")) i18n.addResourceBundle(language, "translation", await CATALOGUES[language]());
  // Somebody may have changed their mind meanwhile.
  if (wanted === language) await i18n.changeLanguage(language);
}

export { i18n };

/** What a catalogue holds. */
export type Texts = typeof es;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof es };
    returnNull: false;
  }
}
