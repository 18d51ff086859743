// Around every page of a signed-in user: header, banners, the page, and what listens to the hub.
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { take, type Told } from "../api/live";
import { forget } from "../api/queries";
import { keepLink } from "../api/socket";
import { announce } from "../lib/announce";
import { closeDialog, dialog } from "../lib/dialog";
import { end, session } from "../lib/session";
import { useShortcut } from "../lib/shortcuts";
import { useStore } from "../lib/store";
import { toast } from "../lib/toast";
import { EnrolDialog } from "./EnrolDialog";
import { Header } from "./Header";
import { HelpDialog } from "./HelpDialog";
import { LinkBanner } from "./LinkStatus";
import { NewBuild } from "./NewBuild";
import classes from "./Shell.module.css";

const openHelp = () => dialog.set("help");
const openEnrol = () => dialog.set("enrol");

export function SignedIn() {
  const { t } = useTranslation();
  const current = useStore(session);
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  const opened = useStore(dialog);
  const home = current?.role === "admin" ? "/admin" : "/";
  useLink();
  useFocusOnPageChange(main);
  useShortcut("?", openHelp);
  useShortcut("e", useCallback(() => void navigate({ to: "/events" }), [navigate]));
  useShortcut("g", useCallback(() => void navigate({ to: "/groups" }), [navigate]));
  useShortcut("i", useCallback(() => void navigate({ to: home }), [navigate, home]));
  useShortcut("n", useCallback(() => {
    void navigate({ to: home }).then(() => requestAnimationFrame(() => document.getElementById("compose-text")?.focus()));
  }, [navigate, home]));
  useShortcut("/", useCallback(() => document.querySelector<HTMLElement>("[data-search]")?.focus(), []));
  if (!current) return null;
  return (
    <>
      <a className={classes.skip} href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {t("nav.skip")}
      </a>
      <Header session={current} onEnrol={openEnrol} onHelp={openHelp} onLeave={leave} />
      <LinkBanner />
      <NewBuild />
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <EnrolDialog opened={opened === "enrol"} onClose={closeDialog} />
      <HelpDialog opened={opened === "help"} onClose={closeDialog} />
    </>
  );
}

/** Ends the session here at once; the hub is told, and an answer is not waited for. */
function leave(): void {
  void api.POST("/api/logout").catch(() => undefined);
  forget();
  end("left");
}

/** Holds the live link as long as somebody is signed in, and passes on what must be seen at once. */
function useLink(): void {
  const { t } = useTranslation();
  const token = useStore(session)?.token;
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
