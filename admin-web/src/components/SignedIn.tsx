// Around every page of a signed-in user: header, places, banners, the page, and what listens to the hub.
import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { leave } from "../api/leave";
import { take, type Told } from "../api/live";
import { keepLink } from "../api/socket";
import { announce } from "../lib/announce";
import { closeDialog, dialog } from "../lib/dialog";
import { placesOf } from "../lib/places";
import { session } from "../lib/session";
import { useKeyboard, useShortcut } from "../lib/shortcuts";
import { useStore } from "../lib/store";
import { toast } from "../lib/toast";
import { TotpBanner } from "./account/TotpBanner";
import { TotpGate } from "./account/TotpGate";
import { Header } from "./Header";
import { LinkBanner } from "./LinkStatus";
import { PLACES } from "./nav";
import { NewBuild } from "./NewBuild";
import { onDemand } from "./onDemand";
import { SideNav } from "./SideNav";
import { TroubleBanner } from "./TroubleBanner";
import classes from "./Shell.module.css";

/** Asked for by few, so it comes when somebody asks. */
const Palette = lazy(() => import("./palette/Palette").then(({ Palette: component }) => ({ default: component })));

const EnrolDialog = onDemand(() => import("./EnrolDialog").then(({ EnrolDialog: part }) => part));
const HelpDialog = onDemand(() => import("./HelpDialog").then(({ HelpDialog: part }) => part));
const PlacesDrawer = onDemand(() => import("./PlacesDrawer").then(({ PlacesDrawer: part }) => part));

const openHelp = () => dialog.set("help");
const openEnrol = () => dialog.set("enrol");
const openPalette = () => dialog.set("palette");
const openPlaces = () => dialog.set("places");

export function SignedIn() {
  const { t } = useTranslation();
  const current = useStore(session);
  const main = useRef<HTMLElement>(null);
  const opened = useStore(dialog);
  const narrow = useMediaQuery("(max-width: 899px)", false, { getInitialValueInEffect: false });
  useLink();
  useFocusOnPageChange(main);
  useKeys();
  if (!current) return null;
  if (current.mustSetUpTotp) return <TotpGate />;
  return (
    <>
      <a className={classes.skip} href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {t("nav.skip")}
      </a>
      <Header
        session={current}
        narrow={narrow}
        onPlaces={openPlaces}
        onSearch={openPalette}
        onEnrol={openEnrol}
        onHelp={openHelp}
        onLeave={leave}
      />
      <div className={classes.frame}>
        {!narrow && <SideNav role={current.role} />}
        <div className={classes.content}>
          <LinkBanner />
          <TroubleBanner role={current.role} />
          <NewBuild />
          {current.role === "admin" && <TotpBanner />}
          <main id="main" ref={main} tabIndex={-1} className={classes.main}>
            <Outlet />
          </main>
        </div>
      </div>
      <PlacesDrawer role={current.role} opened={narrow && opened === "places"} onClose={closeDialog} />
      <EnrolDialog opened={opened === "enrol"} onClose={closeDialog} />
      <HelpDialog opened={opened === "help"} onClose={closeDialog} />
      <Suspense fallback={null}>{opened === "palette" && <Palette role={current.role} onClose={closeDialog} onLeave={leave} />}</Suspense>
    </>
  );
}

/** What the keyboard reaches from every page. */
function useKeys(): void {
  const navigate = useNavigate();
  const role = useStore(session)?.role;
  const go = useCallback(
    (letter: string) => {
      const place = placesOf(PLACES, role).find(({ key }) => key === letter);
      if (place) void navigate({ to: place.to });
    },
    [navigate, role],
  );
  useKeyboard(go);
  useHotkeys([["mod+K", openPalette]], []);
  useShortcut("?", openHelp);
  useShortcut("n", useCallback(() => {
    void navigate({ to: "/" }).then(() => requestAnimationFrame(() => document.getElementById("compose-text")?.focus()));
  }, [navigate]));
  useShortcut("/", useCallback(() => document.querySelector<HTMLElement>("[data-search]")?.focus(), []));
}

/** Holds the live link as long as somebody is signed in, and passes on what must be seen at once. */
function useLink(): void {
  const { t } = useTranslation();
  const current = useStore(session);
  // The hub lets nobody listen who still owes a second factor.
  const token = current?.mustSetUpTotp ? undefined : current?.token;
  const words = useRef(t);
  words.current = t;
  useEffect(() => {
    if (!token) return;
    const told: Told = {
      security: ({ kind, client = "", address = "" }) => {
        const known = kind === "name_in_use" ? words.current("toast.nameInUse", { client, address }) : words.current("toast.security", { kind, client });
        toast({ color: "orange", title: words.current("toast.securityTitle"), message: known, stays: true });
        announce(known, "assertive");
      },
      message: ({ client, text }) => {
        toast({ title: words.current("toast.message", { client }), message: text, stays: true });
        announce(`${words.current("toast.message", { client })}: ${text}`);
      },
      // One's own alert has been announced with the hub's answer.
      alert: ({ severity, title, text, from }) =>
        from !== session.get()?.username &&
        announce(words.current("toast.alert", { severity: words.current(`severity.${severity}`), from, text: title || text })),
    };
    return keepLink(token, (frames) => take(frames, told));
  }, [token]);
}

/** A new page starts at its top for keyboard and screen reader, too; so does the first one after the log-in. */
function useFocusOnPageChange(main: RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => main.current?.focus({ preventScroll: true }), [path, main]);
}
