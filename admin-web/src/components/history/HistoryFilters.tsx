// The filter bar of the history: each field is a part of the address.
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sendersQuery } from "../../api/history";
import { isFiltered, STATES, type Filters } from "../../lib/history";
import { useAddressSearch } from "../../lib/search";
import { SEVERITIES } from "../../lib/severity";
import { SearchField } from "../SearchField";
import classes from "./History.module.css";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function HistoryFilters({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const senders = useQuery(sendersQuery);
  const set = (change: Partial<Record<keyof Filters, unknown>>) =>
    onChange(Object.fromEntries(Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined && value !== "" && value !== false && value !== null)));
  const { typed, type } = useAddressSearch(filters.search ?? "", (search) => set({ search }));
  return (
    <div className={classes.bar} role="search" aria-label={t("history.filters")}>
      <SearchField className={classes.search} label={t("history.search")} value={typed} onChange={type} />
      <Select
        size="sm"
        aria-label={t("compose.severity")}
        placeholder={t("compose.severity")}
        clearable
        clearButtonProps={{ "aria-label": t("clear") }}
        data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        value={filters.severity ?? null}
        onChange={(severity) => set({ severity })}
      />
      <Select
        size="sm"
        aria-label={t("history.state")}
        placeholder={t("history.state")}
        clearable
        clearButtonProps={{ "aria-label": t("clear") }}
        data={STATES.map((value) => ({ value, label: t(`history.states.${value}`) }))}
        value={filters.state ?? null}
        onChange={(state) => set({ state })}
      />
      <Select
        size="sm"
        aria-label={t("history.sender")}
        placeholder={t("history.sender")}
        clearable
        searchable
        clearButtonProps={{ "aria-label": t("clear") }}
        nothingFoundMessage={t("history.noSender")}
        data={senders.data ?? []}
        value={filters.sender ?? null}
        onChange={(sender) => set({ sender })}
      />
      <Typed label={t("compose.group")} value={filters.group} onChange={(group) => set({ group })} />
      <Typed label={t("compose.branch")} value={filters.client} onChange={(client) => set({ client })} />
      <TextInput size="sm" type="date" label={t("history.from")} classNames={classes.day ? { root: classes.day } : {}} value={filters.from ?? ""} max={filters.to} onChange={(event) => set({ from: event.currentTarget.value })} />
      <TextInput size="sm" type="date" label={t("history.to")} classNames={classes.day ? { root: classes.day } : {}} value={filters.to ?? ""} min={filters.from} onChange={(event) => set({ to: event.currentTarget.value })} />
      <div className={classes.checks}>
        <Checkbox label={t("history.unseen")} checked={filters.unseen ?? false} onChange={(event) => set({ unseen: event.currentTarget.checked })} />
        <Checkbox label={t("history.drill")} checked={filters.drill ?? false} onChange={(event) => set({ drill: event.currentTarget.checked })} />
        {isFiltered(filters) && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange({})}>
            {t("history.clear")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Typed({ label, value = "", onChange }: { label: string; value: string | undefined; onChange: (words: string | undefined) => void }) {
  const { typed, type } = useAddressSearch(value, onChange);
  return <TextInput size="sm" aria-label={label} placeholder={label} value={typed} onChange={(event) => type(event.currentTarget.value)} />;
}
