// How old what is shown is, and whether the hub still answers.
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/clock";
import { span } from "../../lib/time";
import classes from "./Monitor.module.css";

export function Fresh({ at, failed }: { at: number; failed: boolean }) {
  const { t } = useTranslation();
  const age = span(Math.max(0, useNow() - at));
  return (
    <span className={`${classes.fresh} figures`} data-failed={failed || undefined} data-testid="monitor-fresh">
      <span className={classes.dot} aria-hidden />
      {t(failed ? "monitor.stale" : "monitor.fresh", { age })}
    </span>
  );
}
