// A field for one name of very many: the hub searches, the field shows what it found.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fold } from "../../lib/board";
import classes from "./Compose.module.css";

interface Typing {
  typed: string;
  onType: (text: string) => void;
}

/** What is typed, and what the hub is asked for; a chosen name is no search. */
export function useSearch(value: string | null): Typing & { search: string; asked: boolean } {
  const [typed, onType] = useState("");
  const wanted = typed === value ? "" : typed.trim();
  const [search] = useDebouncedValue(wanted, 200);
  return { typed, onType, search, asked: search === wanted };
}

interface Props extends Typing {
  id: string;
  label: string;
  placeholder: string;
  nothing: string;
  names: readonly string[];
  /** The names are the hub's answer to what is typed, not to what was typed before. */
  settled: boolean;
  value: string | null;
  onChange: (name: string | null) => void;
  error: string | undefined;
  renderOption: (name: string) => ReactNode;
}

export function NameSelect({ id, label, placeholder, nothing, names, settled, value, onChange, error, typed, onType, renderOption }: Props) {
  const { t } = useTranslation();
  // Until the hub has answered, Enter must not choose something else.
  const offered = settled || typed === value ? [...names] : names.filter((name) => fold(name).includes(fold(typed.trim())));
  const known = value && !offered.includes(value) ? [...offered, value] : offered;
  return (
    <Select
      id={id}
      className={classes.branch}
      aria-label={label}
      placeholder={placeholder}
      searchable
      clearable
      data={known}
      // The hub has searched already; it knows better which letters look alike.
      filter={({ options }) => options}
      limit={100}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={onType}
      error={error}
      nothingFoundMessage={nothing}
      comboboxProps={{ shadow: "md" }}
      clearButtonProps={{ "aria-label": t("clear") }}
      renderOption={({ option }) => <span className={classes.option}>{renderOption(option.value)}</span>}
    />
  );
}
