// Theme and language as items of the user's menu.
import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { preferences } from "../lib/preferences";
import { useStore } from "../lib/store";
import { LANGUAGES, THEMES, useChoice } from "./Choices";

export function ThemeItems() {
  const { t } = useTranslation();
  const { theme } = useStore(preferences);
  const pick = useChoice();
  return (
    <Menu.RadioGroup value={theme} onChange={(value) => pick({ theme: THEMES.find(([known]) => known === value)?.[0] ?? "auto" })}>
      {THEMES.map(([value, Icon]) => (
        <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} />}>
          {t(`prefs.theme.${value}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

export function LanguageItems() {
  const { language } = useStore(preferences);
  const pick = useChoice();
  return (
    <Menu.RadioGroup value={language} onChange={(value) => pick({ language: value === "en" ? "en" : "es" })}>
      {LANGUAGES.map(([value, name]) => (
        <Menu.RadioItem key={value} value={value} lang={value}>
          {name}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
