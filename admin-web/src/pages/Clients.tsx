// Everybody in the directory, good for ten thousand: found, filtered and sorted on the hub, live, one in a drawer.
import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ClientDrawer } from "../components/clients/ClientDrawer";
import { Directory } from "../components/clients/Directory";
import { IconDeviceDesktopPlus } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { dialog } from "../lib/dialog";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";

export function Clients() {
  const { t } = useTranslation();
  useTitle(t("nav.clients"));
  const isAdmin = useStore(session)?.role === "admin";
  const { client } = useSearch({ from: "/clients" });
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
      <Directory isAdmin={isAdmin} />
      <ClientDrawer name={client ?? null} isAdmin={isAdmin} onClose={close} />
    </>
  );
}
