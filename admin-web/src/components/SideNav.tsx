// The places of the panel at its side, in sections; the present one is marked. With names, or folded to icons.
import { ActionIcon } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/types";
import { bySection, placeOf, placesOf } from "../lib/places";
import { sideFolded } from "../lib/side";
import { useStore } from "../lib/store";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "./icons";
import { PLACES, SECTIONS, type Place } from "./nav";
import classes from "./SideNav.module.css";

/** Beside the page; folds by itself where the window is not very wide. */
export function SideNav({ role }: { role: Role }) {
  const { t } = useTranslation();
  const roomy = useMediaQuery("(min-width: 1240px)", true, { getInitialValueInEffect: false });
  const folded = useStore(sideFolded) ?? !roomy;
  const Icon = folded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <div className={classes.side} data-folded={folded || undefined}>
      <PlaceList role={role} folded={folded} />
      <ActionIcon
        className={classes.fold}
        color="gray"
        aria-label={t(folded ? "nav.unfold" : "nav.fold")}
        aria-expanded={!folded}
        onClick={() => sideFolded.set(!folded)}
      >
        <Icon size={18} />
      </ActionIcon>
    </div>
  );
}

interface ListProps {
  role: Role;
  folded?: boolean;
  onGo?: () => void;
}

export function PlaceList({ role, folded = false, onGo }: ListProps) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const places = placesOf(PLACES, role);
  const here = placeOf(places, path);
  return (
    <nav className={classes.nav} data-places aria-label={t("nav.label")}>
      {bySection(places, SECTIONS).map(([section, held]) => (
        <div key={section} className={classes.section} role="group" aria-label={t(`nav.sections.${section}`)}>
          <p className={classes.title} aria-hidden>
            {t(`nav.sections.${section}`)}
          </p>
          {held.map((place) => (
            <PlaceLink key={place.to} place={place} current={place === here} folded={folded} onGo={onGo} />
          ))}
        </div>
      ))}
    </nav>
  );
}

interface LinkProps {
  place: Place;
  current: boolean;
  folded: boolean;
  onGo: (() => void) | undefined;
}

const none = () => 0;

function PlaceLink({ place: { to, label, icon: Icon, badge = none }, current, folded, onGo }: LinkProps) {
  const { t, i18n } = useTranslation();
  // Invariant: the table never changes, so each link calls the same hook for ever.
  const count = badge();
  return (
    <Link
      to={to}
      className={classes.link}
      title={folded ? t(label) : undefined}
      activeOptions={{ exact: true, includeSearch: false }}
      {...(current && { "aria-current": "page" as const })}
      onClick={onGo}
    >
      <Icon size={18} />
      <span className={classes.name}>{t(label)}</span>
      {count > 0 && (
        <span className={`${classes.badge} figures`}>
          <span aria-hidden>{new Intl.NumberFormat(i18n.language, { notation: "compact" }).format(count)}</span>
          <span className="visually-hidden">{t("nav.fresh", { count })}</span>
        </span>
      )}
    </Link>
  );
}
