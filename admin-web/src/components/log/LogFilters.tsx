// The filters of the action log. They stand in the address.
import { Button, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { filterOf, type AdminSearch } from "../../lib/log";
import { useAddressSearch } from "../../lib/search";
import classes from "./Log.module.css";

interface Props {
  search: AdminSearch;
  keep: (change: AdminSearch) => void;
}

const NONE = { from: undefined, to: undefined, user: undefined, text: undefined };

export function LogFilters({ search, keep }: Props) {
  const { t } = useTranslation();
  const user = useAddressSearch(search.user ?? "", (words) => keep({ user: words } as AdminSearch));
  const text = useAddressSearch(search.text ?? "", (words) => keep({ text: words } as AdminSearch));
  const isOn = Object.keys(filterOf(search)).length > 0;
  const day = (key: "from" | "to") => (
    <TextInput
      size="sm"
      type="date"
      id={`log-${key}`}
      label={t(`log.${key}`)}
      value={search[key] ?? ""}
      onChange={(event) => keep({ [key]: event.currentTarget.value || undefined } as AdminSearch)}
    />
  );
  return (
    <div className={classes.filters} role="search" aria-label={t("log.filters")}>
      {day("from")}
      {day("to")}
      <TextInput size="sm" id="log-user" label={t("log.user")} value={user.typed} onChange={(event) => user.type(event.currentTarget.value)} />
      <TextInput size="sm" id="log-text" label={t("log.text")} value={text.typed} onChange={(event) => text.type(event.currentTarget.value)} />
      {isOn && (
        <Button variant="subtle" size="sm" onClick={() => keep(NONE as unknown as AdminSearch)}>
          {t("log.clear")}
        </Button>
      )}
    </div>
  );
}
