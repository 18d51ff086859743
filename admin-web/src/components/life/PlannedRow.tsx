// One planned alert: when, what, to whom, and what went wrong with it.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Scheduled } from "../../api/types";
import { audienceWords } from "../../lib/audience";
import { ownZone } from "../../lib/options";
import { SeverityBadge } from "../Severity";
import { When } from "../When";
import classes from "./Life.module.css";

interface Props {
  planned: Scheduled;
  /** null: this user only looks. */
  onEdit: (() => void) | null;
  onCancel: () => void;
}

export function PlannedRow({ planned, onEdit, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <li className={classes.plan} data-testid="planned">
      <div className={classes.planWhen}>
        <span className={classes.planTime}>
          <When at={planned.next_at} />
        </span>
        <Again planned={planned} />
      </div>
      <div className={classes.planWords}>
        <div className={classes.planHead}>
          <SeverityBadge severity={planned.severity} />
          {planned.drill && <span className={classes.tag}>{t("board.drill")}</span>}
          {planned.title && <span className={classes.planTitle}>{planned.title}</span>}
        </div>
        <p className={classes.planText}>{planned.text}</p>
        <span className={classes.planSoft}>{t("board.sentBy", { from: planned.from, whom: audienceWords(planned.audience, t) })}</span>
        {planned.failure && (
          <p className={classes.failure} role="status">
            {t("scheduled.notSent", { reason: planned.failure })}
          </p>
        )}
      </div>
      {onEdit && (
        <div className={classes.actions}>
          <Button variant="default" size="sm" onClick={onEdit}>
            {t("scheduled.edit")}
          </Button>
          <Button variant="default" size="sm" onClick={onCancel}>
            {t("scheduled.cancel")}
          </Button>
        </div>
      )}
    </li>
  );
}

function Again({ planned: { repeat } }: { planned: Scheduled }) {
  const { t } = useTranslation();
  if (!repeat) return <span className={classes.planSoft}>{t("options.every.once")}</span>;
  return (
    <span className={classes.planSoft}>
      {t(`options.every.${repeat.every}`)}
      {repeat.until && (
        <>
          {" "}· {t("scheduled.until")} <When at={repeat.until} />
        </>
      )}
      {repeat.time_zone !== ownZone() && ` · ${repeat.time_zone.replaceAll("_", " ")}`}
    </span>
  );
}
