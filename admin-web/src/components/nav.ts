// Where one can go: a line a place, in the order of its section. A new page is a line here, its name in both `nav.ts`
// catalogues, a route in `router.tsx` and its address in PAGES of the hub's `http/web.rs`.
import type { RegisteredRouter } from "@tanstack/react-router";
import type { Role } from "../api/types";
import type { Texts } from "../i18n";
import { useOpenMessages } from "../api/messages";
import { IconActivity, IconChartBar, IconClock, IconDevicesPc, IconHeartbeat, IconHistory, IconHome, IconInbox, IconMessages, IconRoute, IconSettings, IconUserCircle, IconUsers, IconUsersGroup, IconWebhook } from "./icons";

type Routes = keyof RegisteredRouter["routesByPath"];
type Names = keyof { [Name in keyof Texts["nav"] as Texts["nav"][Name] extends string ? Name : never]: string };

export interface Place {
  to: Exclude<Routes, `${string}$${string}`>;
  label: `nav.${Names}`;
  icon: typeof IconUsers;
  section: Section;
  /** The letter after `g` that leads here; each once. */
  key?: string;
  /** Who sees it; everybody unless it says. */
  roles?: readonly Role[];
  /** A hook with how much is new there, shown beside the name; nothing is shown for 0. */
  badge?: () => number;
}

/** In the order in which the side shows them. */
export const SECTIONS = ["day", "network", "rules", "admin", "own"] as const;
export type Section = (typeof SECTIONS)[number];

export const ADMIN: readonly Role[] = ["admin"];
export const SENDERS: readonly Role[] = ["admin", "technician"];

export const PLACES: readonly Place[] = [
  { section: "day", to: "/", label: "nav.start", icon: IconHome, key: "i" },
  { section: "day", to: "/alerts", label: "nav.alerts", icon: IconHistory, key: "a" },
  { section: "day", to: "/inbox", label: "nav.inbox", icon: IconInbox, key: "b", badge: useOpenMessages },
  { section: "day", to: "/phrases", label: "nav.phrases", icon: IconMessages, key: "f", roles: SENDERS },
  { section: "day", to: "/scheduled", label: "nav.scheduled", icon: IconClock, key: "p" },
  { section: "day", to: "/events", label: "nav.events", icon: IconActivity, key: "e" },
  { section: "day", to: "/statistics", label: "nav.statistics", icon: IconChartBar, key: "t" },

  { section: "network", to: "/clients", label: "nav.clients", icon: IconDevicesPc, key: "c" },
  { section: "network", to: "/groups", label: "nav.groups", icon: IconUsersGroup, key: "g" },

  { section: "rules", to: "/rules", label: "nav.rules", icon: IconRoute, key: "r", roles: SENDERS },
  { section: "rules", to: "/webhooks", label: "nav.webhooks", icon: IconWebhook, key: "w", roles: ADMIN },

  { section: "admin", to: "/admin", label: "nav.log", icon: IconHistory, key: "l", roles: ADMIN },
  { section: "admin", to: "/users", label: "nav.users", icon: IconUsers, key: "u", roles: ADMIN },
  { section: "admin", to: "/monitor", label: "nav.monitor", icon: IconHeartbeat, key: "h", roles: ADMIN },
  { section: "admin", to: "/settings", label: "nav.settings", icon: IconSettings, key: "s", roles: ADMIN },

  { section: "own", to: "/account", label: "nav.account", icon: IconUserCircle, key: "m" },
];
