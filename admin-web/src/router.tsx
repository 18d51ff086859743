// The pages and their addresses. The address holds the state of a page, never a token or anybody's words.
import { createRootRoute, createRoute, createRouter, Navigate, type ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asGroup } from "./components/board/Board";
import { Shell } from "./components/Shell";
import { Empty, Failure } from "./components/States";
import type { Group } from "./lib/board";
import { Alert } from "./pages/Alert";
import { Events } from "./pages/Events";
import { Start } from "./pages/Start";

function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return <Failure title={t("state.pageBroke")} error={error} onRetry={reset} />;
}

function Missing() {
  const { t } = useTranslation();
  return <Empty title={t("state.noPage")}>{t("state.noPageHint")}</Empty>;
}

const root = createRootRoute({ component: Shell, notFoundComponent: Missing });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: Start }),
  createRoute({ getParentRoute: () => root, path: "/admin", component: Start }),
  createRoute({ getParentRoute: () => root, path: "/admin/login", component: () => <Navigate to="/admin" replace /> }),
  createRoute({ getParentRoute: () => root, path: "/events", component: Events }),
  createRoute({
    getParentRoute: () => root,
    path: "/alerts/$id",
    component: Alert,
    validateSearch: (search: Record<string, unknown>): { group?: Group } => (search["group"] ? { group: asGroup(search["group"]) } : {}),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultErrorComponent: Broken,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
