// Theme and language: as items of the user's menu, and as small switches on the log-in page.
import { Menu, SegmentedControl } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Language, Theme } from "../api/types";
import { choose, preferences, type Preferences } from "../lib/preferences";
import { useStore } from "../lib/store";
import { IconCheck, IconMoon, IconSun, IconSunMoon } from "./icons";
import classes from "./Choices.module.css";

const THEMES = [
  ["auto", IconSunMoon],
  ["light", IconSun],
  ["dark", IconMoon],
] as const satisfies readonly (readonly [Theme, unknown])[];

/** Each in its own language: who cannot read the page must still find it. */
const LANGUAGES = [
  ["es", "Español"],
  ["en", "English"],
] as const satisfies readonly (readonly [Language, string])[];

function useChoice(): (change: Partial<Preferences>) => void {
  const { t } = useTranslation();
  return (change) => {
    choose(change).catch(() => notifications.show({ color: "orange", message: t("prefs.notKept") }));
  };
}

export function ThemeItems() {
  const { t } = useTranslation();
  const { theme } = useStore(preferences);
  const pick = useChoice();
  return THEMES.map(([value, Icon]) => (
    <Menu.Item
      key={value}
      role="menuitemradio"
      aria-checked={theme === value}
      leftSection={<Icon size={16} />}
      rightSection={theme === value && <IconCheck size={16} />}
      onClick={() => pick({ theme: value })}
    >
      {t(`prefs.theme.${value}`)}
    </Menu.Item>
  ));
}

export function LanguageItems() {
  const { language } = useStore(preferences);
  const pick = useChoice();
  return LANGUAGES.map(([value, name]) => (
    <Menu.Item
      key={value}
      role="menuitemradio"
      aria-checked={language === value}
      lang={value}
      leftSection={<span className={classes.code}>{value.toUpperCase()}</span>}
      rightSection={language === value && <IconCheck size={16} />}
      onClick={() => pick({ language: value })}
    >
      {name}
    </Menu.Item>
  ));
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
