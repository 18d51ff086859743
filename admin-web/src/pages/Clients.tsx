// Everybody in the directory, good for ten thousand: found, filtered and sorted on the hub, live, one in a drawer.
import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ClientDrawer } from "../components/clients/ClientDrawer";
import { Codes } from "../components/clients/Codes";
import { Directory } from "../components/clients/Directory";
import { IconDeviceDesktopPlus } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { dialog } from "../lib/dialog";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/clients/Clients.module.css";

export function Clients() {
  const { t } = useTranslation();
  useTitle(t("nav.clients"));
  const isAdmin = useStore(session)?.role === "admin";
  const { client, view } = useSearch({ from: "/clients" });
  const navigate = useNavigate({ from: "/clients" });
  const close = useCallback(() => void navigate({ search: ({ client: _, ...rest }) => rest, replace: true }), [navigate]);
  return (
    <>
      <PageHead title={t("nav.clients")} lead={t("directory.lead")}>
        {isAdmin && (
          <Button size="sm" leftSection={<IconDeviceDesktopPlus size={18} />} onClick={() => dialog.set("enrol")}>
            {t("enrol.open")}
          </Button>
        )}
      </PageHead>
      {isAdmin && (
        <nav className={classes.tabs} aria-label={t("nav.clients")}>
          <Link to="/clients" search={{}} className={classes.tab} data-active={view === undefined || undefined} aria-current={view === undefined ? "page" : undefined}>
            {t("enrol.list")}
          </Link>
          <Link to="/clients" search={{ view: "codes" }} className={classes.tab} data-active={view === "codes" || undefined} aria-current={view === "codes" ? "page" : undefined}>
            {t("enrol.codes")}
          </Link>
        </nav>
      )}
      {isAdmin && view === "codes" ? <Codes /> : <Directory isAdmin={isAdmin} />}
      <ClientDrawer name={client ?? null} isAdmin={isAdmin} onClose={close} />
    </>
  );
}
