// The members of a group in three lists: connected, not connected, not enrolled yet. Search and list stand in the address.
import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Group } from "../../api/types";
import { asPlace, found, PLACES, type Place } from "../../lib/group";
import { useAddressSearch } from "../../lib/search";
import board from "../board/Board.module.css";
import { CopyButton } from "../CopyButton";
import { SearchField } from "../SearchField";
import { Empty } from "../States";
import { VirtualRows } from "../VirtualRows";
import classes from "./Groups.module.css";

const nameOf = (name: string) => name;

export function Members({ group }: { group: Group }) {
  const { t, i18n } = useTranslation();
  const { search = "", place: chosen = "connected" } = useSearch({ from: "/groups/$name" });
  const navigate = useNavigate({ from: "/groups/$name" });
  const { typed, type } = useAddressSearch(search, (words) =>
    void navigate({ search: ({ place }) => ({ ...(place && { place }), ...(words && { search: words }) }), replace: true }),
  );
  const wide = useMediaQuery("(min-width: 900px)", true, { getInitialValueInEffect: false });
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <section aria-label={t("groups.members")}>
      <div className={board.tools}>
        <SearchField className={board.search} label={t("groups.findMember")} value={typed} onChange={type} />
        {!wide && (
          <SegmentedControl
            fullWidth
            className={board.tabs}
            aria-label={t("groups.members")}
            value={chosen}
            onChange={(value) => void navigate({ search: (old) => ({ ...old, place: asPlace(value) }), replace: true })}
            data={PLACES.map((place) => ({ value: place, label: `${t(`groups.tab.${place}`)} ${figures.format(group[place].length)}` }))}
          />
        )}
      </div>
      <div className={board.groups}>
        {PLACES.filter((place) => wide || place === chosen).map((place) => (
          <PlaceList key={place} place={place} names={found(group[place], typed, i18n.language)} total={group[place].length} searching={typed.trim() !== ""} />
        ))}
      </div>
    </section>
  );
}

interface ListProps {
  place: Place;
  names: readonly string[];
  total: number;
  searching: boolean;
}

function PlaceList({ place, names, total, searching }: ListProps) {
  const { t, i18n } = useTranslation();
  const word = t(`groups.place.${place}`);
  return (
    <div className={board.group} data-testid={`place-${place}`}>
      <div className={board.groupHead}>
        <h2 className={board.groupTitle}>
          <span className={classes.dot} data-online={place === "connected" || undefined} data-unknown={place === "unknown" || undefined} aria-hidden />
          {word}
          <span className={`${board.count} figures`}>{new Intl.NumberFormat(i18n.language).format(total)}</span>
        </h2>
        <CopyButton compact text={() => names.join("\n")} label={t("board.copy")} disabled={names.length === 0} />
      </div>
      {names.length === 0 ? (
        <Empty title={t(searching && total > 0 ? "board.noMatch" : `groups.none.${place}`)} />
      ) : (
        <VirtualRows
          label={word}
          className={classes.list}
          items={names}
          rowHeight={36}
          keyOf={nameOf}
          render={(name) => (
            <div className={board.row} data-testid="group-member">
              <span className={board.name} translate="no" title={name}>
                {name}
              </span>
            </div>
          )}
        />
      )}
    </div>
  );
}
