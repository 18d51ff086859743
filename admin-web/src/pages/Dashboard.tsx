// Events and what became of them, in five tabs; the address says which.
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AuditTab } from "../components/dashboard/AuditTab";
import { CreateTab } from "../components/dashboard/CreateTab";
import { EventsTab } from "../components/dashboard/EventsTab";
import { MailTab } from "../components/dashboard/MailTab";
import { Overview } from "../components/dashboard/Overview";
import { Transfer } from "../components/dashboard/Transfer";
import { SENDERS } from "../components/nav";
import { PageHead } from "../components/PageHead";
import { TABS, type Tab } from "../lib/dashboard";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/dashboard/Dashboard.module.css";

const CONTENT: Record<Tab, () => React.ReactNode> = {
  overview: Overview,
  create: CreateTab,
  events: EventsTab,
  mail: MailTab,
  audit: AuditTab,
};

export function Dashboard() {
  const { t } = useTranslation();
  useTitle(t("nav.events"));
  const { tab = "overview" } = useSearch({ from: "/events" });
  const role = useStore(session)?.role;
  const maySend = role !== undefined && SENDERS.includes(role);
  const shown = TABS.filter((one) => one !== "create" || maySend);
  const Content = CONTENT[tab];
  return (
    <>
      <PageHead title={t("nav.events")} lead={t("events.lead")}>
        <Transfer maySend={maySend} isAdmin={role === "admin"} />
      </PageHead>
      <nav className={classes.tabs} aria-label={t("dashboard.tabs")}>
        {shown.map((one) => (
          <Link
            key={one}
            to="/events"
            search={one === "overview" ? {} : { tab: one }}
            className={classes.tab}
            data-active={one === tab || undefined}
            aria-current={one === tab ? "page" : undefined}
            activeProps={{}}
          >
            {t(`dashboard.tab.${one}`)}
          </Link>
        ))}
      </nav>
      <Content />
    </>
  );
}
