// How far an alert has come: seen, delivered, the rest. The words say it; the bar shows it.
import { useTranslation } from "react-i18next";
import type { Counts } from "../api/types";
import { reached } from "../lib/board";
import classes from "./SeenBar.module.css";

export function SeenBar({ counts, large = false }: { counts: Counts; large?: boolean }) {
  const { t } = useTranslation();
  const all = Math.max(1, counts.recipients);
  const words = t("board.bar", { seen: counts.seen, delivered: reached(counts), all: counts.recipients });
  return (
    <div className={classes.bar} data-large={large || undefined} role="img" aria-label={words}>
      <span className={classes.delivered} style={{ transform: `scaleX(${reached(counts) / all})` }} />
      <span className={classes.seen} style={{ transform: `scaleX(${counts.seen / all})` }} />
    </div>
  );
}
