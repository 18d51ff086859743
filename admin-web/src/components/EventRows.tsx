// Events as rows: when, how severe, who, what. The page lists them all, the start page the latest few.
import { useTranslation } from "react-i18next";
import type { Event } from "../api/types";
import { eventWords } from "../lib/noticed";
import { SeverityBadge } from "./Severity";
import { When } from "./When";
import classes from "./EventRows.module.css";

export function EventRow({ event }: { event: Event }) {
  const { t } = useTranslation();
  const words = eventWords(event, t);
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
      <span className={classes.message} title={words}>
        {words}
      </span>
      <ChannelName channel={event.channel} />
    </div>
  );
}

/** Channels in words; one that is not known is its own. */
export function useChannelName(): (channel: string) => string {
  const { t, i18n } = useTranslation();
  return (channel) => (i18n.exists(`channel.${channel}`) ? t(`channel.${channel}` as "channel.tcp_socket") : channel);
}

function ChannelName({ channel }: { channel: string }) {
  const name = useChannelName();
  return <span className={classes.channel}>{name(channel)}</span>;
}
