// What keeps the hub from its promise, or soon will; or that there is nothing.
import { useTranslation } from "react-i18next";
import type { Trouble } from "../../api/types";
import { IconAlertOctagon, IconAlertTriangle, IconCircleCheck } from "../icons";
import { useTroubleWords } from "../TroubleBanner";
import { When } from "../When";
import classes from "./Monitor.module.css";

export function Problems({ problems }: { problems: readonly Trouble[] }) {
  const { t } = useTranslation();
  const words = useTroubleWords();
  if (problems.length === 0) {
    return (
      <p className={classes.well} data-testid="monitor-well">
        <IconCircleCheck size={20} />
        {t("monitor.well")}
      </p>
    );
  }
  return (
    <ul className={classes.problems}>
      {problems.map((trouble) => (
        <li key={`${trouble.code} ${trouble.about}`} data-level={trouble.level} data-testid="monitor-problem">
          {trouble.level === "broken" ? <IconAlertOctagon size={20} /> : <IconAlertTriangle size={20} />}
          <div>
            <p>
              <strong>{words(trouble)}</strong> {t(`trouble.${trouble.code}.advice`)}
            </p>
            <p className={classes.small}>
              {t("trouble.since")} <When at={trouble.since} /> · <span translate="no">{trouble.detail}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
