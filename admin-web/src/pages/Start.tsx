// The technician's start: send on the left, who is there and what happens on the right.
import { useTranslation } from "react-i18next";
import { Branches } from "../components/Branches";
import { Compose } from "../components/compose/Compose";
import { IconEye } from "../components/icons";
import { LatestEvents } from "../components/LatestEvents";
import { RecentAlerts } from "../components/RecentAlerts";
import { Section } from "../components/Section";
import { Empty } from "../components/States";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "./Start.module.css";

function ReadOnly() {
  const { t } = useTranslation();
  return (
    <Section title={t("compose.title")}>
      <Empty icon={<IconEye size={20} />} title={t("compose.readOnly")}>
        {t("compose.readOnlyHint")}
      </Empty>
    </Section>
  );
}

export function Start() {
  const { t } = useTranslation();
  const role = useStore(session)?.role;
  useTitle(t("nav.start"));
  return (
    <div className={classes.grid}>
      <h1 className="visually-hidden">{t("nav.start")}</h1>
      <div className={classes.column}>
        {maySend(role) ? <Compose /> : <ReadOnly />}
        <RecentAlerts />
      </div>
      <div className={classes.column}>
        <Branches />
        <LatestEvents />
      </div>
    </div>
  );
}
