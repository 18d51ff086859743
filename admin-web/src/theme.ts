// Mantine's theme. Colours come from styles/tokens.css through CSS variables; here are only shape and scale.
import { ActionIcon, Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#e6f6f6", "#d0e9ea", "#a3d4d6", "#72bdc0", "#4caab0", "#2f9ca3", "#1a8f96", "#0b7f87", "#0b6e75", "#065a60",
];

/** Greys of the dark theme with the page's own tint. */
const dark: MantineColorsTuple = [
  "#e9eff2", "#c9d4d9", "#a3b3bc", "#7e8f98", "#52636c", "#33424a", "#1d272c", "#161e22", "#0e1417", "#0a0f11",
];

export const theme = createTheme({
  fontFamily: '"Inter Variable", system-ui, "Segoe UI", sans-serif',
  primaryColor: "petrol",
  primaryShade: { light: 8, dark: 5 },
  colors: { petrol, dark },
  defaultRadius: 8,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", size: 36 } }),
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    // By name alone: they come when one is opened, and naming them by their modules would fetch them with the first load.
    Drawer: {
      defaultProps: {
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.5 },
        attributes: { header: { role: "presentation" } },
      },
    },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 12,
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.5 },
        // Its <header> would be a second banner of the page.
        attributes: { header: { role: "presentation" } },
      },
    },
  },
});

const variablesOfBoth: Record<string, string> = {
  "--mantine-color-body": "var(--page)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-soft)",
  "--mantine-color-default": "var(--card)",
  "--mantine-color-default-hover": "var(--sunken)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-error": "var(--error-ink)",
  "--mantine-color-anchor": "var(--brand-ink)",
  "--mantine-primary-color-filled": "var(--brand-fill)",
  "--mantine-color-petrol-filled": "var(--brand-fill)",
  "--mantine-color-petrol-filled-hover": "var(--brand-fill-hover)",
  "--mantine-color-petrol-light": "var(--brand-soft)",
  "--mantine-color-petrol-light-hover": "var(--brand-soft)",
  "--mantine-color-petrol-light-color": "var(--brand-ink)",
  "--mantine-color-petrol-outline": "var(--brand-ink)",
  "--mantine-color-red-filled": "var(--critical-mark)",
  "--mantine-color-red-filled-hover": "var(--critical-hover)",
  "--mantine-color-red-outline": "var(--critical-ink)",
  "--mantine-color-red-outline-hover": "var(--critical-soft)",
};

/** Mantine sets its colours for each theme apart, so ours must stand in both. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: variablesOfBoth, dark: variablesOfBoth });
