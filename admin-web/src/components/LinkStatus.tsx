// How fresh the page is: a dot with the age of the data, and a lasting banner while the link is lost.
import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { link, reconnect } from "../api/socket";
import { announce } from "../lib/announce";
import { useNow } from "../lib/clock";
import { useSelected, useStore } from "../lib/store";
import { clock, span } from "../lib/time";
import { IconPlugConnectedX } from "./icons";
import classes from "./LinkStatus.module.css";

export function LinkStatus() {
  const { t } = useTranslation();
  const { phase, heardAt } = useStore(link);
  const now = useNow();
  const age = heardAt === null ? null : Math.max(0, Math.floor((now - heardAt) / 1000));
  return (
    <span className={classes.status} data-phase={phase} data-testid="link-status">
      <span className={classes.dot} aria-hidden />
      <span className={classes.word}>{t(`link.${phase}`)}</span>
      {age !== null && (
        <span className={`${classes.age} figures`} title={t("link.ageHint")}>
          {t("link.age", { seconds: age })}
        </span>
      )}
    </span>
  );
}

/** A blink of the link is not worth a banner. */
const PATIENCE_MS = 800;

export function LinkBanner() {
  const { t, i18n } = useTranslation();
  const { phase, lostAt, heardAt, retryAt } = useStore(link);
  const now = useNow();
  useAnnouncedLink();
  if (phase !== "lost" || lostAt === null || Date.now() - lostAt < PATIENCE_MS) return null;
  const since = heardAt ?? lostAt;
  return (
    <div className={classes.banner} data-testid="link-banner">
      <IconPlugConnectedX size={20} />
      <p className={`${classes.text} figures`}>
        <strong>{t("link.lostFor", { span: span(now - since) })}</strong>{" "}
        {heardAt !== null && t("link.dataOf", { time: clock(heardAt, now, i18n.language) })}{" "}
        {retryAt === null ? t("link.trying") : t("link.again", { span: span(Math.max(0, retryAt - now) + 999) })}
      </p>
      <Button variant="default" size="xs" onClick={reconnect} disabled={retryAt === null}>
        {t("link.now")}
      </Button>
    </div>
  );
}

/** Screen readers hear of a loss and of the return once, not of every second between. */
function useAnnouncedLink(): void {
  const { t } = useTranslation();
  const isLost = useSelected(link, ({ phase }) => phase === "lost");
  const isLive = useSelected(link, ({ phase }) => phase === "live");
  const attempts = useSelected(link, ({ attempts }) => attempts);
  useEffect(() => {
    if (isLost && attempts === 1) announce(t("link.saidLost"), "assertive");
  }, [isLost, attempts, t]);
  useEffect(() => {
    if (isLive) return () => void (link.get().phase === "live" && announce(t("link.saidBack")));
  }, [isLive, t]);
}
