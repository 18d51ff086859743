// Events as rows: when, how severe, who, what. The page lists them all, the start page the latest few.
import { useTranslation } from "react-i18next";
import type { Event } from "../api/types";
import { SeverityBadge } from "./Severity";
import { When } from "./When";
import classes from "./EventRows.module.css";

export function EventRow({ event }: { event: Event }) {
  return (
    <div className={classes.row} data-testid="event">
      <span className={classes.when}>
        <When at={event.created_at} />
      </span>
      <span className={classes.severity}>
        <SeverityBadge severity={event.severity} />
      </span>
      <span className={classes.source} title={event.source} translate="no">
        {event.source}
      </span>
      <span className={classes.message} title={event.message}>
        {event.message}
      </span>
      <ChannelName channel={event.channel} />
    </div>
  );
}

function ChannelName({ channel }: { channel: string }) {
  const { i18n } = useTranslation();
  const key = `channel.${channel}`;
  return <span className={classes.channel}>{i18n.exists(key) ? i18n.t(key as "channel.tcp_socket") : channel}</span>;
}
