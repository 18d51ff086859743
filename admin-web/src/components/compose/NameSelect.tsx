// A field for one name of very many: the hub searches, the field shows what it found.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Compose.module.css";

interface Typing {
  typed: string;
  onType: (text: string) => void;
}

/** What is typed, and what the hub is asked for; a chosen name is no search. */
export function useSearch(value: string | null): Typing & { search: string } {
  const [typed, onType] = useState("");
  const [search] = useDebouncedValue(typed === value ? "" : typed.trim(), 200);
  return { typed, onType, search };
}

interface Props extends Typing {
  id: string;
  label: string;
  placeholder: string;
  nothing: string;
  names: readonly string[];
  value: string | null;
  onChange: (name: string | null) => void;
  error: string | undefined;
  renderOption: (name: string) => ReactNode;
}

export function NameSelect({ id, label, placeholder, nothing, names, value, onChange, error, typed, onType, renderOption }: Props) {
  const { t } = useTranslation();
  const known = value && !names.includes(value) ? [...names, value] : [...names];
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
