// The start of the administrator: the log at the left, the users at the right. Everybody else is sent to the start.
import { SegmentedControl } from "@mantine/core";
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { leave } from "../api/leave";
import { ActionLog } from "../components/log/ActionLog";
import { LogFilters } from "../components/log/LogFilters";
import { ServerLog } from "../components/log/ServerLog";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Accounts } from "../components/users/Accounts";
import { filterOf, type AdminSearch } from "../lib/log";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/log/Log.module.css";

export function Admin() {
  const { t } = useTranslation();
  useTitle(t("nav.log"));
  const search = useSearch({ from: "/admin" });
  const navigate = useNavigate({ from: "/admin" });
  const isAdmin = useStore(session)?.role === "admin";
  if (!isAdmin) return <Navigate to="/" replace />;
  const keep = (change: AdminSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <>
      <PageHead title={t("nav.log")} lead={t("log.lead")} />
      <div className={classes.columns}>
        <Log search={search} keep={keep} />
        <div className={classes.beside}>
          <Accounts search={search.search ?? ""} keep={(words) => keep({ search: words } as AdminSearch)} />
        </div>
      </div>
    </>
  );
}

function Log({ search, keep }: { search: AdminSearch; keep: (change: AdminSearch) => void }) {
  const { t } = useTranslation();
  const { from, to, user, text } = search;
  const filter = useMemo(() => filterOf({ from, to, user, text } as AdminSearch), [from, to, user, text]);
  const tabs = (
    <SegmentedControl
      size="xs"
      aria-label={t("log.tabs")}
      value={search.tab ?? "actions"}
      onChange={(tab) => keep({ tab: tab === "server" ? "server" : undefined } as AdminSearch)}
      data={[{ value: "actions", label: t("log.actions") }, { value: "server", label: t("log.server") }]}
    />
  );
  return (
    <Section title={t("log.title")} aside={tabs}>
      {search.tab === "server" ? (
        <ServerLog search={search} keep={keep} />
      ) : (
        <>
          <LogFilters search={search} keep={keep} />
          <ActionLog key={JSON.stringify(filter)} filter={filter} />
        </>
      )}
    </Section>
  );
}

/** The door of admin: whoever comes here as somebody else is logged out first. */
export function AdminDoor() {
  const isAdmin = session.get()?.role === "admin";
  useEffect(() => {
    if (!isAdmin) leave();
  }, [isAdmin]);
  return isAdmin ? <Navigate to="/admin" replace /> : null;
}
