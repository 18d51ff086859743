// Whom an alert goes to: everybody, or one branch found by name on the hub.
import { SegmentedControl, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { clientsQuery } from "../../api/queries";
import type { Draft } from "../../lib/draft";
import classes from "./Compose.module.css";

interface Props {
  value: Draft;
  onChange: (what: Partial<Omit<Draft, "key">>) => void;
  error: string | undefined;
}

export function Whom({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const label = useId();
  return (
    <div className={classes.whom}>
      <span id={label} className={classes.label}>
        {t("compose.whom")}
      </span>
      <div className={classes.whomRow}>
        <SegmentedControl
          aria-labelledby={label}
          value={value.whom}
          onChange={(whom) => onChange({ whom: whom === "branch" ? "branch" : "everybody" })}
          data={[
            { value: "everybody", label: t("compose.everybody") },
            { value: "branch", label: t("compose.oneBranch") },
          ]}
        />
        {value.whom === "branch" && <BranchSelect value={value.branch} onChange={(branch) => onChange({ branch })} error={error} />}
      </div>
    </div>
  );
}

function BranchSelect({ value, onChange, error }: { value: string | null; onChange: (name: string | null) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed === value ? "" : typed.trim(), 200);
  const list = useInfiniteQuery({ ...clientsQuery("all", search), placeholderData: keepPreviousData });
  const clients = list.data?.pages.flatMap((page) => page.clients) ?? [];
  const online = new Map(clients.map((client) => [client.name, client.online]));
  const names = new Set(clients.map((client) => client.name));
  if (value) names.add(value);
  return (
    <Select
      id="compose-branch"
      className={classes.branch}
      aria-label={t("compose.branch")}
      placeholder={t("compose.branchSearch")}
      searchable
      clearable
      data={[...names]}
      // The hub has searched already; it knows better which letters look alike.
      filter={({ options }) => options}
      limit={100}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      error={error}
      nothingFoundMessage={list.isPending ? t("state.loading") : t("compose.noBranch")}
      comboboxProps={{ shadow: "md" }}
      clearButtonProps={{ "aria-label": t("clear") }}
      renderOption={({ option }) => (
        <span className={classes.option}>
          <span className={classes.dot} data-online={online.get(option.value) || undefined} aria-hidden />
          <span>{option.label}</span>
          <span className={classes.optionState}>{online.get(option.value) ? t("clients.online") : t("clients.offline")}</span>
        </span>
      )}
    />
  );
}
