// The pages and their addresses. The address holds the state of a page, never a token or anybody's words.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Shell } from "./components/Shell";
import { Empty, Failure } from "./components/States";
import { asGroup, type Group } from "./lib/board";
import { asAdminSearch } from "./lib/log";
import { asClients } from "./lib/clients";
import { asDashboard } from "./lib/dashboard";
import { asFilters } from "./lib/history";
import { asInboxPlace } from "./lib/inbox";
import { asPlace, type Place } from "./lib/group";
import { asMonitorPlace } from "./lib/monitor";
import { asRange } from "./lib/range";
import { asRulesPlace } from "./lib/rule-tabs";
import { asSearched, type Searched } from "./lib/search";

function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return <Failure title={t("state.pageBroke")} error={error} onRetry={reset} />;
}

function Missing() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="visually-hidden">{t("state.noPage")}</h1>
      <Empty title={t("state.noPage")}>{t("state.noPageHint")}</Empty>
    </>
  );
}

const inside = () => import("./pages/inside");
const admin = () => import("./pages/Admin");
const Start = lazyRouteComponent(inside, "Start");

const root = createRootRoute({ component: Shell, notFoundComponent: Missing });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: Start }),
  createRoute({ getParentRoute: () => root, path: "/admin", component: lazyRouteComponent(admin, "Admin"), validateSearch: asAdminSearch }),
  createRoute({ getParentRoute: () => root, path: "/admin/login", component: lazyRouteComponent(admin, "AdminDoor") }),
  createRoute({ getParentRoute: () => root, path: "/account", component: lazyRouteComponent(() => import("./pages/Account"), "Account") }),
  createRoute({ getParentRoute: () => root, path: "/events", component: lazyRouteComponent(() => import("./pages/Dashboard"), "Dashboard"), validateSearch: asDashboard }),
  createRoute({ getParentRoute: () => root, path: "/alerts", component: lazyRouteComponent(() => import("./pages/Alerts"), "Alerts"), validateSearch: asFilters }),
  createRoute({ getParentRoute: () => root, path: "/inbox", component: lazyRouteComponent(() => import("./pages/Inbox"), "Inbox"), validateSearch: asInboxPlace }),
  createRoute({ getParentRoute: () => root, path: "/phrases", component: lazyRouteComponent(() => import("./pages/Phrases"), "Phrases") }),
  createRoute({
    getParentRoute: () => root,
    path: "/alerts/$id",
    component: lazyRouteComponent(() => import("./pages/Alert"), "Alert"),
    validateSearch: (search: Record<string, unknown>): { group?: Group } => (search["group"] ? { group: asGroup(search["group"]) } : {}),
  }),
  createRoute({ getParentRoute: () => root, path: "/clients", component: lazyRouteComponent(() => import("./pages/Clients"), "Clients"), validateSearch: asClients }),
  createRoute({ getParentRoute: () => root, path: "/groups", component: lazyRouteComponent(() => import("./pages/Groups"), "Groups"), validateSearch: asSearched }),
  createRoute({
    getParentRoute: () => root,
    path: "/groups/$name",
    component: lazyRouteComponent(() => import("./pages/Group"), "Group"),
    validateSearch: (search: Record<string, unknown>): Searched & { place?: Place } => ({
      ...asSearched(search),
      ...(search["place"] ? { place: asPlace(search["place"]) } : {}),
    }),
  }),
  createRoute({ getParentRoute: () => root, path: "/scheduled", component: lazyRouteComponent(() => import("./pages/Scheduled"), "Scheduled") }),
  createRoute({ getParentRoute: () => root, path: "/users", component: lazyRouteComponent(() => import("./pages/Users"), "Users"), validateSearch: asSearched }),
  createRoute({
    getParentRoute: () => root,
    path: "/statistics",
    component: lazyRouteComponent(() => import("./pages/Statistics"), "Statistics"),
    validateSearch: asRange,
  }),
  createRoute({ getParentRoute: () => root, path: "/settings", component: lazyRouteComponent(() => import("./pages/Settings"), "Settings") }),
  createRoute({
    getParentRoute: () => root,
    path: "/monitor",
    component: lazyRouteComponent(() => import("./pages/Monitor"), "Monitor"),
    validateSearch: asMonitorPlace,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/rules",
    component: lazyRouteComponent(() => import("./pages/Rules"), "Rules"),
    validateSearch: asRulesPlace,
  }),
  createRoute({ getParentRoute: () => root, path: "/webhooks", component: lazyRouteComponent(() => import("./pages/Webhooks"), "Webhooks") }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultErrorComponent: Broken,
  // A page is a part of the build of its own: on its way while the pointer still rests on the link.
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
