// Three groups of recipients. Counters move at once; rows change their group only while nobody points at them.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AlertDetail } from "../../api/types";
import { arrange, asGroup, groupOf, GROUPS, place, waiting, type Group, type Places } from "../../lib/board";
import { useAtRest } from "../../lib/rest";
import { IconSearch } from "../icons";
import { BoardGroup } from "./BoardGroup";
import classes from "./Board.module.css";

export function Board({ alert }: { alert: AlertDetail }) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed);
  const { held, ...rest } = useAtRest();
  const places = usePlaces(alert, held);
  const groups = useMemo(
    () => arrange(alert.deliveries, places, search, i18n.language),
    [alert.deliveries, places, search, i18n.language],
  );
  const totals = useMemo(() => totalsOf(alert), [alert]);
  const moving = held ? waiting(places, alert.deliveries) : 0;
  const wide = useMediaQuery("(min-width: 900px)", true, { getInitialValueInEffect: false });
  const { group: chosen = "unseen" } = useSearch({ from: "/alerts/$id" });
  const navigate = useNavigate({ from: "/alerts/$id" });
  return (
    <section className={classes.board} aria-label={t("board.title")}>
      <div className={classes.tools}>
        <TextInput
          className={classes.search}
          type="search"
          data-search
          aria-label={t("board.search")}
          placeholder={t("board.search")}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {moving > 0 && <span className={`${classes.moving} figures`}>{t("board.moving", { count: moving })}</span>}
        {!wide && (
          <SegmentedControl
            fullWidth
            className={classes.tabs}
            aria-label={t("board.groups")}
            value={chosen}
            onChange={(value) => void navigate({ search: { group: asGroup(value) }, replace: true })}
            data={GROUPS.map((group) => ({ value: group, label: `${t(`board.group.${group}`)} ${totals[group]}` }))}
          />
        )}
      </div>
      <div className={classes.groups} {...rest}>
        {GROUPS.filter((group) => wide || group === chosen).map((group) => (
          <BoardGroup key={group} group={group} rows={groups[group]} total={totals[group]} searching={search.trim() !== ""} alert={alert} />
        ))}
      </div>
    </section>
  );
}

function totalsOf(alert: AlertDetail): Record<Group, number> {
  const totals: Record<Group, number> = { unseen: 0, delivered: 0, seen: 0 };
  for (const row of alert.deliveries) totals[groupOf(row)] += 1;
  return totals;
}

/** Remembers where rows stand between updates. */
function usePlaces(alert: AlertDetail, held: boolean): Places {
  const last = useRef<Places>(new Map());
  const places = useMemo(() => place(last.current, alert.deliveries, held), [alert.deliveries, held]);
  useEffect(() => {
    last.current = places;
  }, [places]);
  return places;
}
