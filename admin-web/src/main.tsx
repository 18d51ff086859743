// Starts the panel: nonce for style sheets, language, theme, router.
import { MantineProvider, useMantineColorScheme } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { lazy, StrictMode, Suspense, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries";
import { startI18n } from "./i18n";
import { colorSchemeManager, preferences } from "./lib/preferences";
import { useStore } from "./lib/store";
import { toasted } from "./lib/toast";
import { router } from "./router";
import { theme, variables } from "./theme";
import "./styles/mantine.css";
import "./styles/tokens.css";
import "./styles/base.css";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

function SchemeFollower() {
  const { theme: wanted, language } = useStore(preferences);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(wanted), [wanted, setColorScheme]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return null;
}

const Notifications = lazy(() => import("@mantine/notifications").then(({ Notifications: component }) => ({ default: component })));

function Notices() {
  if (!useStore(toasted)) return null;
  return (
    <Suspense fallback={null}>
      <Notifications position="bottom-right" limit={4} />
    </Suspense>
  );
}

function Panel() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <SchemeFollower />
      <Notices />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

setNonce(nonce);
await startI18n(preferences.get().language);
const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Panel />
    </StrictMode>,
  );
}
