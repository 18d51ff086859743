// What somebody chose, said once more before it is sent.
import { useTranslation } from "react-i18next";
import type { Options } from "../../lib/options";
import { chosen } from "../../lib/options";
import { When } from "../When";
import { wordOf } from "./ExpiryField";
import classes from "./Options.module.css";

export function OptionWords({ options }: { options: Options }) {
  const { t } = useTranslation();
  if (chosen(options) === 0) return null;
  const { later, at, repeat, expiry, ownHours, replies, freeReply, drill } = options;
  return (
    <ul className={classes.words}>
      {drill && <li>{t("options.drill")}</li>}
      {later && !Number.isNaN(Date.parse(at)) && (
        <li>
          {t("options.planned")} <When at={new Date(at).toISOString()} />
          {repeat !== "once" && ` · ${t(`options.every.${repeat}`)}`}
        </li>
      )}
      {expiry !== "usual" && (
        <li>
          {t("options.expiry")}: {expiry === "own" ? t("options.ownHours", { hours: ownHours }) : t(`options.expires.${wordOf(expiry)}`)}
        </li>
      )}
      {replies.length > 0 && (
        <li>
          {t("options.replies")}: {replies.join(" · ")}
        </li>
      )}
      {freeReply && <li>{t("options.freeReply")}</li>}
    </ul>
  );
}
