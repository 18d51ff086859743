// A moment: brief on the row, exact on hover.
import { useTranslation } from "react-i18next";
import { useHubNow } from "../lib/clock";
import { ago, clock, exact } from "../lib/time";

export function When({ at, relative = false }: { at: string; relative?: boolean }) {
  const { i18n } = useTranslation();
  const now = useHubNow();
  const then = Date.parse(at);
  if (Number.isNaN(then)) return null;
  return (
    <time className="figures" dateTime={at} title={exact(then, i18n.language)}>
      {relative ? ago(then, now, i18n.language) : clock(then, now, i18n.language)}
    </time>
  );
}
