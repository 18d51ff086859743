// The log-in. It stands at whatever address was asked for, so that one lands there afterwards.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useState, type FormEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError, unwrap } from "../api/client";
import { forget } from "../api/queries";
import { LanguageSwitch, ThemeSwitch } from "../components/Choices";
import { IconAlertTriangle, IconShieldExclamation } from "../components/icons";
import { PasswordField } from "../components/PasswordField";
import { useReason } from "../components/States";
import { announce } from "../lib/announce";
import { draft, emptyDraft } from "../lib/draft";
import { adoptFromHub } from "../lib/preferences";
import { begin, ended, lastUser } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import { Crier } from "./Crier";
import classes from "./Login.module.css";

const ADMIN = "admin";

export function Login() {
  const { t } = useTranslation();
  useTitle(t("login.title"));
  const { isAdmin, change } = useDoor();
  return (
    <div className={classes.page}>
      <aside className={classes.side}>
        <Crier />
        <div className={classes.promise}>
          <p className={classes.claim}>{t("login.claim")}</p>
          <p className={classes.claimMore}>{t("login.claimMore")}</p>
        </div>
      </aside>
      <main className={classes.main}>
        <div className={classes.choices}>
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <div className={classes.box}>
          <div className={classes.brand}>
            <img src="/icon.svg" alt="" width={44} height={44} />
            <span>Pregón</span>
          </div>
          <h1 className={classes.title}>{t(isAdmin ? "login.adminTitle" : "login.title")}</h1>
          <p className={classes.lead}>{t(isAdmin ? "login.adminLead" : "login.lead")}</p>
          <Form key={String(isAdmin)} isAdmin={isAdmin} />
          <p className={classes.other}>
            {change ? (
              <button type="button" className={classes.door} onClick={change}>
                {t(isAdmin ? "login.toTechnicians" : "login.toAdmin")}
              </button>
            ) : (
              <Link to={isAdmin ? "/" : "/admin/login"}>{t(isAdmin ? "login.toTechnicians" : "login.toAdmin")}</Link>
            )}
          </p>
        </div>
      </main>
    </div>
  );
}

/** The hub has two doors, and each has its start page. At any other address one changes the door and stays there. */
function useDoor(): { isAdmin: boolean; change: (() => void) | null } {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // The users are for admin alone; and whose session has ended comes back by the same door.
  const [picked, setPicked] = useState(path === "/users" || lastUser() === ADMIN);
  if (path === "/" || path.startsWith("/admin")) return { isAdmin: path !== "/", change: null };
  return { isAdmin: picked, change: () => setPicked(!picked) };
}

function Form({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(isAdmin ? ADMIN : "");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [tried, setTried] = useState(false);
  const [caps, setCaps] = useState(false);
  const reasonEnded = useStore(ended);
  const login = useLogin(isAdmin);
  const { asked, wrong } = useAskedCode(login.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!username.trim() || !password) document.getElementById(username.trim() ? "login-password" : "login-username")?.focus();
    else if (asked && !totp.trim()) document.getElementById("login-totp")?.focus();
    else if (!login.isPending) login.mutate({ username: username.trim(), password, ...(asked && { totp }) });
  }

  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      {reasonEnded === "expired" && !login.isError && <p className={classes.notice}>{t("login.expired")}</p>}
      {asked && !wrong && <p className={classes.notice}>{t("login.totpAsk")}</p>}
      {login.isError && !isAsking(login.error) && <Refused error={login.error} />}
      <TextInput
        id="login-username"
        label={t("login.username")}
        error={tried && !username.trim() && t("login.missing")}
        size="md"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={!isAdmin}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordField
        id="login-password"
        label={t("login.password")}
        error={tried && !password && t("login.missing")}
        size="md"
        name="password"
        autoComplete="current-password"
        autoFocus={isAdmin}
        value={password}
        onKeyDown={watchCaps}
        onKeyUp={watchCaps}
        onBlur={() => setCaps(false)}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {asked && (
        <TextInput
          id="login-totp"
          label={t("login.totp")}
          size="md"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          maxLength={40}
          value={totp}
          onChange={(event) => setTotp(event.currentTarget.value)}
        />
      )}
      <p className={classes.caps} role="status">
        {caps && (
          <>
            <IconAlertTriangle size={16} /> {t("login.caps")}
          </>
        )}
      </p>
      <Button type="submit" size="md" fullWidth loading={login.isPending}>
        {t("login.enter")}
      </Button>
    </form>
  );
}

function useLogin(isAdmin: boolean) {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: async (body: { username: string; password: string; totp?: string }) => {
      const who = await unwrap(isAdmin ? api.POST("/api/admin/login", { body }) : api.POST("/api/login", { body }));
      await adoptFromHub(who.token);
      return who;
    },
    onSuccess: ({ token, username, role, must_set_up_totp: mustSetUpTotp }) => {
      // A draft outlives an expired session, but belongs to who wrote it.
      if (lastUser() !== null && lastUser() !== username) draft.set(emptyDraft());
      forget();
      begin({ token, username, role, mustSetUpTotp });
    },
    onError: (error) => announce(t(isAsking(error) ? "login.totpAsk" : "login.failed"), "assertive"),
  });
}

const isOf = (error: unknown, type: string) => error instanceof ApiError && error.problem.type === `/problems/${type}`;
/** The password was right: now a code is wanted. */
const isAsking = (error: unknown) => isOf(error, "totp_required");

/** Once the hub has asked for a code, the field stays. */
function useAskedCode(error: unknown): { asked: boolean; wrong: boolean } {
  const [asked, setAsked] = useState(false);
  if (isAsking(error) && !asked) setAsked(true);
  return { asked, wrong: isOf(error, "totp_wrong") };
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const reason = useReason(error);
  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <div className={classes.error} data-testid="login-error">
      <IconShieldExclamation size={20} />
      <p>{isOf(error, "totp_wrong") ? t("login.totpWrong") : wrong ? t("login.wrong") : reason}</p>
    </div>
  );
}
