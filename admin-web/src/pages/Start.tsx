// The technician's start: send on the left, who is there and what happens on the right.
import { useTranslation } from "react-i18next";
import { Branches } from "../components/Branches";
import { Compose } from "../components/compose/Compose";
import { LatestEvents } from "../components/LatestEvents";
import { RecentAlerts } from "../components/RecentAlerts";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "./Start.module.css";

export function Start() {
  const { t } = useTranslation();
  const role = useStore(session)?.role;
  useTitle(t("nav.start"));
  return (
    <div className={classes.grid}>
      <h1 className="visually-hidden">{t("nav.start")}</h1>
      <div className={classes.column}>
        {maySend(role) && <Compose />}
        <RecentAlerts />
      </div>
      <div className={classes.column}>
        <Branches />
        <LatestEvents />
      </div>
    </div>
  );
}
