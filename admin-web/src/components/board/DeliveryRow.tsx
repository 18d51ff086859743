// One recipient: the name, and what is known of the alert there.
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Delivery } from "../../api/types";
import { groupOf, seenAt, type Group } from "../../lib/board";
import { IconCheck, IconMessageCircle } from "../icons";
import { When } from "../When";
import classes from "./Board.module.css";

interface Props {
  row: Delivery;
  /** Where the row stands, which may be behind what it has become. */
  group: Group;
}

export const DeliveryRow = memo(function DeliveryRow({ row, group }: Props) {
  const { t } = useTranslation();
  const now = groupOf(row);
  return (
    <div className={classes.row} data-moved={now !== group || undefined} data-testid="delivery">
      <span className={classes.dot} data-online={row.online || undefined} title={t(row.online ? "clients.online" : "clients.offline")} />
      <span className={classes.name} translate="no" title={row.client}>
        {row.client}
        <span className="visually-hidden">, {t(row.online ? "clients.online" : "clients.offline")}</span>
      </span>
      {row.reply && (
        <span className={classes.reply} title={row.replied_by ? `${row.reply} (${row.replied_by})` : row.reply}>
          <IconMessageCircle size={14} />
          {row.reply}
        </span>
      )}
      <span className={classes.what}>
        {now === "unseen" ? <Unseen row={row} /> : <Reached row={row} named={now !== group} />}
      </span>
    </div>
  );
});

/** `sent` proves nothing, and an agent of the old kind never says more: the row says so. */
function Unseen({ row }: { row: Delivery }) {
  const { t } = useTranslation();
  if (row.state === "sent") return <span title={t("board.state.sentHint")}>{t("board.state.sent")}</span>;
  if (row.state === "queued") return <span>{t(row.online ? "board.state.queued" : "board.state.waits")}</span>;
  return <span>{t(`board.state.${row.state}`)}</span>;
}

function Reached({ row, named }: { row: Delivery; named: boolean }) {
  const { t } = useTranslation();
  const seen = seenAt(row);
  const at = seen || row.delivered_at;
  return (
    <>
      {named && (seen ? t("board.seen") : t("board.delivered"))} {at && <When at={at} />}
      {row.state === "dismissed" && (
        <span className={classes.closed} title={t("board.closed")}>
          <IconCheck size={14} stroke={2.5} />
          <span className="visually-hidden">{t("board.closed")}</span>
        </span>
      )}
    </>
  );
}
