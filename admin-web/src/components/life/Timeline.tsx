// What happened to an alert as a whole, oldest first.
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { AlertDetail, Moment } from "../../api/types";
import { Section } from "../Section";
import { When } from "../When";
import classes from "./Life.module.css";

const KINDS = ["scheduled", "sent", "corrects", "amended", "reminded", "withdrawn", "expired",
  "escalated_alert", "escalated_mail", "escalated_unmailed", "escalated_webhook"] as const;

export function Timeline({ alert }: { alert: AlertDetail }) {
  const { t } = useTranslation();
  return (
    <Section title={t("life.timeline")} className={classes.section}>
      <ol className={classes.timeline} data-testid="timeline">
        {alert.timeline.map((moment, index) => (
          <li key={`${moment.at}${moment.kind}${index}`} className={classes.moment} data-kind={moment.kind}>
            <span className={classes.at}>
              <When at={moment.at} />
            </span>
            <span className={classes.happened}>
              {words(moment, t)}
              {moment.other && (
                <>
                  {" "}
                  <Link to="/alerts/$id" params={{ id: moment.other }}>
                    {t(moment.kind === "amended" ? "life.toNew" : moment.kind === "escalated_alert" ? "life.toCopy" : "life.toOld")}
                  </Link>
                </>
              )}
              {moment.reason && <span className={classes.reason}>«{moment.reason}»</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** A kind of a newer hub is said as it is. */
function words({ kind, actor, clients, away }: Moment, t: TFunction): string {
  const known = KINDS.find((one) => one === kind);
  if (!known) return actor ? `${kind} · ${actor}` : kind;
  if (known === "expired") return t("life.happened.expired", { count: clients ?? 0 });
  if (known === "reminded") return t("life.happened.reminded", { actor, count: clients ?? 0, away: away ?? 0 });
  if (known === "escalated_alert") return t("life.happened.escalated_alert", { actor, count: clients ?? 0 });
  return t(`life.happened.${known}`, { actor: actor || t("life.somebody") });
}
