// The bar above the list: which clients, how many each filter shows, in which order. All of it stands in the address.
import { Select } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ClientCounts } from "../../api/types";
import { FILTERS, SILENT_DAYS, SORTS, type ClientFilter } from "../../lib/clients";
import { useAddressSearch } from "../../lib/search";
import { SearchField } from "../SearchField";
import classes from "./Clients.module.css";

/** Shown only while there is one: most networks never see it. */
const RARE: readonly ClientFilter[] = ["legacy", "disputed"];

export function ClientFilters({ counts }: { counts: ClientCounts | undefined }) {
  const { t, i18n } = useTranslation();
  const { search = "", filter = "all", days = 30, sort = "name" } = useSearch({ from: "/clients" });
  const navigate = useNavigate({ from: "/clients" });
  const { typed, type } = useAddressSearch(search, (words) =>
    void navigate({ search: ({ search: _, ...old }) => ({ ...old, ...(words && { search: words }) }), replace: true }),
  );
  const figures = new Intl.NumberFormat(i18n.language);
  const spans = [...new Set([...SILENT_DAYS, days])].sort((a, b) => a - b);
  return (
    <div className={classes.bar} role="search" aria-label={t("directory.filters")}>
      <nav className={classes.chips} aria-label={t("directory.filters")}>
        {FILTERS.filter((one) => one === filter || !RARE.includes(one) || (counts?.[one] ?? 0) > 0).map((one) => (
          <Link
            key={one}
            to="/clients"
            search={({ filter: _, client: __, ...old }) => ({ ...old, ...(one !== "all" && { filter: one }) })}
            replace
            className={classes.chip}
            data-active={one === filter || undefined}
            aria-current={one === filter ? "true" : undefined}
            data-testid={`filter-${one}`}
            title={t(`directory.filterHint.${one}`, { version: counts?.newest_version ?? "" })}
          >
            {t(`directory.filter.${one}`)}
            {counts && <span className="figures">{figures.format(counts[one])}</span>}
          </Link>
        ))}
      </nav>
      <div className={classes.fields}>
        <SearchField className={classes.search} label={t("directory.search")} value={typed} onChange={type} />
        {filter === "silent" && (
          <Select
            size="sm"
            className={classes.select ?? ""}
            aria-label={t("directory.daysLabel")}
            allowDeselect={false}
            data={spans.map((count) => ({ value: String(count), label: t("directory.days", { count }) }))}
            value={String(days)}
            onChange={(value) => void navigate({ search: (old) => ({ ...old, days: Number(value) }), replace: true })}
          />
        )}
        <Select
          size="sm"
          className={classes.select ?? ""}
          aria-label={t("directory.sortLabel")}
          allowDeselect={false}
          data={SORTS.map((value) => ({ value, label: t(`directory.sort.${value}`) }))}
          value={sort}
          onChange={(value) => {
            const chosen = SORTS.find((known) => known === value);
            void navigate({ search: ({ sort: _, ...old }) => ({ ...old, ...(chosen && { sort: chosen }) }), replace: true });
          }}
        />
      </div>
    </div>
  );
}
