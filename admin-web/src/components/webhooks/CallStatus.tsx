// How a call ended: icon, word and colour.
import { useTranslation } from "react-i18next";
import { IconCheck, IconX } from "../icons";
import classes from "./Webhooks.module.css";

export function CallStatus({ status }: { status: string }) {
  const { t } = useTranslation();
  const sent = status === "sent";
  const Icon = sent ? IconCheck : IconX;
  return (
    <span className={classes.status} data-failed={!sent || undefined}>
      <Icon size={14} stroke={2.25} />
      {t(sent ? "webhooks.status.sent" : "webhooks.status.failed")}
    </span>
  );
}
