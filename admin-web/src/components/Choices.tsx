// Theme and language as small switches, and what a choice does.
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Language, Theme } from "../api/types";
import { choose, preferences, type Preferences } from "../lib/preferences";
import { useStore } from "../lib/store";
import { toast } from "../lib/toast";
import { IconMoon, IconSun, IconSunMoon } from "./icons";
import classes from "./Choices.module.css";

export const THEMES = [
  ["auto", IconSunMoon],
  ["light", IconSun],
  ["dark", IconMoon],
] as const satisfies readonly (readonly [Theme, unknown])[];

/** Each in its own language: who cannot read the page must still find it. */
export const LANGUAGES = [
  ["es", "Español"],
  ["en", "English"],
] as const satisfies readonly (readonly [Language, string])[];

export function useChoice(): (change: Partial<Preferences>) => void {
  const { t } = useTranslation();
  return (change) => {
    choose(change).catch(() => toast({ color: "orange", message: t("prefs.notKept") }));
  };
}

export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = useStore(preferences);
  const pick = useChoice();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("prefs.language")}
      value={language}
      onChange={(value) => pick({ language: value === "en" ? "en" : "es" })}
      data={LANGUAGES.map(([value, label]) => ({ value, label }))}
    />
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme } = useStore(preferences);
  const pick = useChoice();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("prefs.themeLabel")}
      value={theme}
      onChange={(value) => pick({ theme: THEMES.find(([known]) => known === value)?.[0] ?? "auto" })}
      data={THEMES.map(([value, Icon]) => ({
        value,
        label: (
          <span className={classes.icon} title={t(`prefs.theme.${value}`)}>
            <Icon size={16} />
            <span className="visually-hidden">{t(`prefs.theme.${value}`)}</span>
          </span>
        ),
      }))}
    />
  );
}
