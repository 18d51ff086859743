// How the hub is: figures now and over time, what passes over its sockets, who came and went. For the administrator.
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConnectionsTab } from "../components/monitor/ConnectionsTab";
import { Figures } from "../components/monitor/Figures";
import { TrafficTab } from "../components/monitor/TrafficTab";
import { PageHead } from "../components/PageHead";
import { TABS, type Tab } from "../lib/monitor";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/monitor/Monitor.module.css";

const CONTENT: Record<Tab, () => React.ReactNode> = { figures: Figures, traffic: TrafficTab, connections: ConnectionsTab };

export function Monitor() {
  const { t } = useTranslation();
  useTitle(t("nav.monitor"));
  const { tab = "figures" } = useSearch({ from: "/monitor" });
  const isAdmin = useStore(session)?.role === "admin";
  if (!isAdmin) return <Navigate to="/" replace />;
  const Content = CONTENT[tab];
  return (
    <>
      <PageHead title={t("nav.monitor")} lead={t("monitor.lead")} />
      <nav className={classes.tabs} aria-label={t("monitor.tabs")}>
        {TABS.map((one) => (
          <Link
            key={one}
            to="/monitor"
            search={one === "figures" ? {} : { tab: one }}
            className={classes.tab}
            data-active={one === tab || undefined}
            aria-current={one === tab ? "page" : undefined}
            activeProps={{}}
          >
            {t(`monitor.tab.${one}`)}
          </Link>
        ))}
      </nav>
      <Content />
    </>
  );
}
