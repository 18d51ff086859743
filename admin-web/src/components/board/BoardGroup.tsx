// One group of the board: its count, its list to copy, its rows.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AlertDetail, Delivery } from "../../api/types";
import type { Group } from "../../lib/board";
import { CopyButton } from "../CopyButton";
import { Empty } from "../States";
import { VirtualRows } from "../VirtualRows";
import { DeliveryRow } from "./DeliveryRow";
import classes from "./Board.module.css";

interface Props {
  group: Group;
  rows: readonly Delivery[];
  total: number;
  searching: boolean;
  alert: AlertDetail;
}

const nameOf = (row: Delivery) => row.client;

export function BoardGroup({ group, rows, total, searching, alert }: Props) {
  const { t, i18n } = useTranslation();
  const word = t(`board.group.${group}`);
  const render = useCallback((row: Delivery) => <DeliveryRow row={row} group={group} />, [group]);
  return (
    <div className={classes.group} data-group={group} data-testid={`group-${group}`}>
      <div className={classes.groupHead}>
        <h2 className={classes.groupTitle}>
          <span className={classes.mark} data-mark={group === "unseen" ? "rest" : group} aria-hidden />
          {word}
          <span className={`${classes.count} figures`}>{new Intl.NumberFormat(i18n.language).format(total)}</span>
        </h2>
        <CopyButton compact text={() => rows.map(nameOf).join("\n")} label={t("board.copy")} disabled={rows.length === 0} />
      </div>
      {rows.length === 0 ? (
        <Empty title={t(searching ? "board.noMatch" : emptyTitle(group, alert))} />
      ) : (
        <VirtualRows label={word} className={classes.rows} items={rows} rowHeight={36} keyOf={nameOf} render={render} />
      )}
    </div>
  );
}

function emptyTitle(group: Group, alert: AlertDetail) {
  if (alert.counts.recipients === 0) return "board.empty.nobody" as const;
  return `board.empty.${group}` as const;
}
