// Which events reach whom: rules, silences, who is on call, sources that must report, and what rules did. A tab is an address.
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHead } from "../components/PageHead";
import { Activity } from "../components/rules/Activity";
import { OnCallTab } from "../components/rules/OnCallTab";
import { RuleList } from "../components/rules/RuleList";
import { SilencesTab } from "../components/rules/SilencesTab";
import { TryEvent } from "../components/rules/TryEvent";
import { WatchesTab } from "../components/rules/WatchesTab";
import { RULE_TABS } from "../lib/rule-tabs";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import "../components/rules/mantine.css";
import classes from "../components/rules/Rules.module.css";

export function Rules() {
  const { t } = useTranslation();
  useTitle(t("nav.rules"));
  const { tab = "rules", rule } = useSearch({ from: "/rules" });
  const isAdmin = useStore(session)?.role === "admin";
  return (
    <>
      <PageHead title={t("nav.rules")} lead={t("rules.lead")} />
      <nav className={classes.tabs} aria-label={t("nav.rules")}>
        {RULE_TABS.map((one) => (
          <Link
            key={one}
            to="/rules"
            search={one === "rules" ? {} : { tab: one }}
            className={classes.tab}
            activeOptions={{ exact: true, includeSearch: true }}
            data-current={one === tab || undefined}
          >
            {t(`rules.tabs.${one}`)}
          </Link>
        ))}
      </nav>
      {tab === "rules" && (
        <div className={classes.columns}>
          <RuleList isAdmin={isAdmin} />
          <TryEvent rules={null} />
        </div>
      )}
      {tab === "silences" && <SilencesTab />}
      {tab === "onCall" && <OnCallTab isAdmin={isAdmin} />}
      {tab === "watches" && <WatchesTab isAdmin={isAdmin} />}
      {tab === "activity" && <Activity rule={rule} />}
    </>
  );
}
