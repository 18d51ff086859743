// The two catalogues. Keys are checked by the compiler; that both have the same is tested.
import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../api/types";
import { en } from "./en";
import { es } from "./es";

export async function startI18n(language: Language): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: { es: { translation: es }, en: { translation: en } },
    lng: language,
    fallbackLng: "es",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
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
