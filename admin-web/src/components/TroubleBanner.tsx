// Says on every page what keeps the hub from its promise, for as long as it does; the administrator also hears what soon will.
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { troubles } from "../api/trouble";
import type { Role, Trouble } from "../api/types";
import { announce } from "../lib/announce";
import { useStore } from "../lib/store";
import { IconAlertOctagon, IconAlertTriangle } from "./icons";
import { When } from "./When";
import classes from "./TroubleBanner.module.css";

export function TroubleBanner({ role }: { role: Role }) {
  const { t } = useTranslation();
  const words = useTroubleWords();
  const known = useStore(troubles);
  const shown = known.filter(({ level }) => level === "broken" || role === "admin");
  useAnnounced(shown);
  if (shown.length === 0) return null;
  return (
    <aside className={classes.banner} aria-label={t("trouble.label")} data-testid="trouble-banner">
      <ul className={classes.list}>
        {shown.map((trouble) => (
          <li key={`${trouble.code} ${trouble.about}`} className={classes.item} data-level={trouble.level}>
            {trouble.level === "broken" ? <IconAlertOctagon size={20} /> : <IconAlertTriangle size={20} />}
            <p className={classes.text}>
              <strong>{words(trouble)}</strong> {t(`trouble.${trouble.code}.advice`)}{" "}
              <span className={classes.since}>
                {t("trouble.since")} <When at={trouble.since} />
              </span>
            </p>
          </li>
        ))}
      </ul>
      {role === "admin" && <Link to="/monitor">{t("trouble.look")}</Link>}
    </aside>
  );
}

/** What is wrong, in the words of the reader. */
export function useTroubleWords(): (trouble: Trouble) => string {
  const { t } = useTranslation();
  return useCallback(({ code, value, about }) => t(`trouble.${code}.what`, { count: value ?? 0, about: about ?? "" }), [t]);
}

/** Screen readers hear of the worst when it begins and when it is over, once each. */
function useAnnounced(shown: readonly Trouble[]): void {
  const { t } = useTranslation();
  const words = useTroubleWords();
  const worst = shown.find(({ level }) => level === "broken");
  const said = useRef<Trouble["code"] | null>(null);
  useEffect(() => {
    if (worst && said.current !== worst.code) announce(words(worst), "assertive");
    else if (!worst && said.current) announce(t("trouble.over"));
    said.current = worst?.code ?? null;
  }, [worst, words, t]);
}
