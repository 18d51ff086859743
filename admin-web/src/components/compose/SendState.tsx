// What became of the alert: sending, accepted at a time, or not accepted and what to do.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { faultsIn } from "../../lib/fields";
import { IconChevronRight, IconCircleCheck, IconClock, IconX } from "../icons";
import { useReason } from "../States";
import { When } from "../When";
import type { Send } from "./Compose";
import classes from "./Compose.module.css";

export function SendState({ send }: { send: Send }) {
  const { t } = useTranslation();
  if (send.isPending) {
    return (
      <p className={classes.state} data-testid="send-state">
        {t("compose.sending")}
      </p>
    );
  }
  if (send.isError) return <Refused error={send.error} />;
  if (!send.data) return null;
  if (send.data.scheduled_for) return <Planned at={send.data.scheduled_for} unknown={send.data.unknown} />;
  const { id, at, recipients, online, unknown } = send.data;
  const later = recipients - online.length;
  return (
    <div className={classes.state} data-kind="good" data-testid="send-state">
      <IconCircleCheck size={20} />
      <div className={classes.stateText}>
        <p>
          <strong>
            {t("compose.accepted")} <When at={at} />
          </strong>
        </p>
        <p className="figures">
          {t("compose.reaches", { count: online.length })} {later > 0 && t("compose.later", { count: later })}
        </p>
        {unknown.length > 0 && <p>{t("compose.unknown", { names: unknown.join(", ") })}</p>}
      </div>
      <Link to="/alerts/$id" params={{ id }} className={classes.stateLink}>
        {t("compose.whoSaw")}
        <IconChevronRight size={16} />
      </Link>
    </div>
  );
}

function Planned({ at, unknown }: { at: string; unknown: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.state} data-kind="good" data-testid="send-state">
      <IconClock size={20} />
      <div className={classes.stateText}>
        <p>
          <strong>
            {t("options.planned")} <When at={at} />
          </strong>
        </p>
        {unknown.length > 0 && <p>{t("compose.unknown", { names: unknown.join(", ") })}</p>}
      </div>
      <Link to="/scheduled" className={classes.stateLink}>
        {t("options.seePlanned")}
        <IconChevronRight size={16} />
      </Link>
    </div>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const reason = useReason(error);
  const fields = faultsIn(error);
  const unsure = error instanceof ApiError && (error.unreachable || error.status >= 500);
  return (
    <div className={classes.state} data-kind="bad" data-testid="send-state">
      <IconX size={20} />
      <div className={classes.stateText}>
        <p>
          <strong>{unsure ? t("compose.noAnswer") : t("compose.refused")}</strong>
        </p>
        <p>{unsure ? t("compose.retryHarmless") : reason}</p>
        {fields.length > 0 && (
          <ul>
            {fields.map(({ field, reason: why }) => (
              <li key={`${field}${why}`}>
                <code>{field}</code>: {why}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
