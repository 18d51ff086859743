// Where one can go, in the order in which the header shows it. A new page is a line here and a route in `router.tsx`.
import type { Role } from "../api/types";
import { IconActivity, IconUsers, IconUsersGroup } from "./icons";

export interface Place {
  to: "/events" | "/groups" | "/users";
  label: "nav.events" | "nav.groups" | "nav.users";
  icon: typeof IconUsers;
  /** Who sees it; everybody unless it says. */
  role?: Role;
}

export const PLACES: readonly Place[] = [
  { to: "/events", label: "nav.events", icon: IconActivity },
  { to: "/groups", label: "nav.groups", icon: IconUsersGroup },
  { to: "/users", label: "nav.users", icon: IconUsers, role: "admin" },
];
