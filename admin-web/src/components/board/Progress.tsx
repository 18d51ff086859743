// The big bar: how many have seen it, which share that is, and how long ago it was sent.
import { useTranslation } from "react-i18next";
import type { AlertDetail } from "../../api/types";
import { reached } from "../../lib/board";
import { useHubNow } from "../../lib/clock";
import { span } from "../../lib/time";
import { SeenBar } from "../SeenBar";
import classes from "./Board.module.css";

export function Progress({ alert }: { alert: AlertDetail }) {
  const { t, i18n } = useTranslation();
  const now = useHubNow();
  const { counts } = alert;
  const figures = new Intl.NumberFormat(i18n.language);
  const share = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  const part = counts.recipients === 0 ? 0 : counts.seen / counts.recipients;
  // 99.6 % is not everybody: only the last one makes it 100 %.
  const honest = part < 1 ? Math.min(part, 0.99) : 1;
  return (
    <div className={`${classes.progress} figures`} data-testid="progress">
      <div className={classes.numbers}>
        <span className={classes.share}>{share.format(honest)}</span>
        <Figure mark="seen" value={figures.format(counts.seen)} word={t("board.group.seen")} />
        <Figure mark="delivered" value={figures.format(reached(counts))} word={t("board.group.delivered")} />
        <Figure mark="rest" value={figures.format(counts.recipients)} word={t("board.of")} />
        <span className={classes.since}>{t("board.since", { span: span(now - Date.parse(alert.sent_at)) })}</span>
      </div>
      <SeenBar counts={counts} large />
    </div>
  );
}

function Figure({ mark, value, word }: { mark: string; value: string; word: string }) {
  return (
    <span className={classes.figure}>
      <span className={classes.mark} data-mark={mark} aria-hidden />
      {word} <strong>{value}</strong>
    </span>
  );
}
