// What the administrator sets while the hub runs, and what its configuration says. Anybody else is told why not.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { configQuery, settingsQuery } from "../api/settings";
import { IconLock } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { FileSettings, HubFacts } from "../components/settings/HubFacts";
import { Retention } from "../components/settings/Retention";
import { Transfer } from "../components/settings/Transfer";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/settings/Settings.module.css";

export function Settings() {
  const { t } = useTranslation();
  useTitle(t("nav.settings"));
  const isAdmin = useStore(session)?.role === "admin";
  return (
    <>
      <PageHead title={t("nav.settings")} lead={t("settings.lead")} />
      {isAdmin ? (
        <All />
      ) : (
        <Section title={t("nav.settings")}>
          <Empty icon={<IconLock size={20} />} title={t("settings.forbidden")}>
            {t("settings.forbiddenHint")}
          </Empty>
        </Section>
      )}
    </>
  );
}

function All() {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery);
  const config = useQuery(configQuery);
  const failed = [settings, config].find(({ isError }) => isError);
  if (failed) return <Failure title={t("settings.failed")} error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        {settings.data ? <Retention settings={settings.data} /> : <Loading title={t("settings.keptTitle")} />}
        <Transfer />
      </div>
      <div className={classes.column}>
        {config.data ? <HubFacts config={config.data} /> : <Loading title={t("settings.hub")} />}
        {config.data && <FileSettings config={config.data} />}
      </div>
    </div>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <Section title={title}>
      <SkeletonRows rows={6} />
    </Section>
  );
}
