// What can be reached by Ctrl+K: pages, groups and branches by name, and what one may do from anywhere.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../../api/groups";
import { clientsQuery } from "../../api/queries";
import type { Role } from "../../api/types";
import { dialog } from "../../lib/dialog";
import { draft, edit } from "../../lib/draft";
import { fitting, type Offer } from "../../lib/palette";
import { placesOf } from "../../lib/places";
import { maySend } from "../../lib/session";
import { IconDeviceDesktop, IconDeviceDesktopPlus, IconKeyboard, IconLogout, IconMoon, IconSend, IconSun, IconUsersGroup } from "../icons";
import { useChoice } from "../Choices";
import { PLACES } from "../nav";

export interface Action extends Offer {
  icon: ReactNode;
  run: () => void;
}

/** Of groups and of branches, each. */
const FOUND = 6;

export function useOffers(typed: string, asked: string, role: Role, onLeave: () => void) {
  const actions = useActions(role, onLeave);
  const places = usePlaces(role);
  const { found, failed } = useFound(asked, role);
  const all = typed.trim() === "" ? [...places, ...actions] : [...fitting([...places, ...actions], typed), ...found];
  const order: Offer["section"][] = ["places", "groups", "branches", "actions"];
  return { failed, offers: order.flatMap((section) => all.filter((offer) => offer.section === section)) };
}

function usePlaces(role: Role): Action[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return placesOf(PLACES, role).map(({ to, label, icon: Icon }) => ({
    id: `place:${to}`,
    section: "places",
    label: t(label),
    icon: <Icon size={18} />,
    run: () => void navigate({ to }),
  }));
}

function useActions(role: Role, onLeave: () => void): Action[] {
  const { t } = useTranslation();
  const pick = useChoice();
  const write = useWrite();
  const action = (id: string, label: string, icon: ReactNode, run: () => void): Action => ({ id, section: "actions", label, icon, run });
  return [
    ...(maySend(role) ? [action("new", t("help.new"), <IconSend size={18} />, () => write({}))] : []),
    ...(role === "admin" ? [action("enrol", t("enrol.open"), <IconDeviceDesktopPlus size={18} />, () => dialog.set("enrol"))] : []),
    action("light", t("prefs.theme.light"), <IconSun size={18} />, () => pick({ theme: "light" })),
    action("dark", t("prefs.theme.dark"), <IconMoon size={18} />, () => pick({ theme: "dark" })),
    action("help", t("help.open"), <IconKeyboard size={18} />, () => dialog.set("help")),
    action("leave", t("nav.leave"), <IconLogout size={18} />, onLeave),
  ];
}

/** Groups and branches that the hub finds; a viewer may look at groups and write to nobody. */
function useFound(asked: string, role: Role) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const write = useWrite();
  const enabled = asked.trim() !== "";
  const groups = useInfiniteQuery({ ...groupsQuery(asked), enabled, placeholderData: keepPreviousData });
  const clients = useInfiniteQuery({ ...clientsQuery("all", asked), enabled: enabled && maySend(role), placeholderData: keepPreviousData });
  if (!enabled) return { found: [], failed: false };
  const found: Action[] = [
    ...(groups.data?.pages[0]?.groups ?? []).slice(0, FOUND).map(({ name }) => ({
      id: `group:${name}`,
      section: "groups" as const,
      label: name,
      icon: <IconUsersGroup size={18} />,
      run: () => void navigate({ to: "/groups/$name", params: { name } }),
    })),
    ...(clients.data?.pages[0]?.clients ?? []).slice(0, FOUND).map(({ name }) => ({
      id: `branch:${name}`,
      section: "branches" as const,
      label: t("palette.write", { name }),
      icon: <IconDeviceDesktop size={18} />,
      run: () => write({ whom: "branch", branch: name }),
    })),
  ];
  return { found, failed: groups.isError || clients.isError };
}

/** Opens the start with the text field ready. */
function useWrite() {
  const navigate = useNavigate();
  return (change: Parameters<typeof edit>[1]) => {
    draft.set((old) => edit(old, change));
    void navigate({ to: "/" }).then(() => requestAnimationFrame(() => document.getElementById("compose-text")?.focus()));
  };
}
