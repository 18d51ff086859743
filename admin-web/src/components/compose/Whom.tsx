// Whom an alert goes to: everybody, a group, or one branch; groups and branches are found by name on the hub.
import { SegmentedControl } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../../api/groups";
import { clientsQuery } from "../../api/queries";
import type { Draft, Whom as Choice } from "../../lib/draft";
import { Also } from "./Also";
import { NameSelect, useSearch } from "./NameSelect";
import classes from "./Compose.module.css";

interface Props {
  value: Draft;
  onChange: (what: Partial<Omit<Draft, "key">>) => void;
  error: string | undefined;
}

const CHOICES = ["everybody", "group", "branch"] as const satisfies readonly Choice[];

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
          className={classes.choices}
          value={value.whom}
          onChange={(whom) => onChange({ whom: CHOICES.find((known) => known === whom) ?? "everybody" })}
          data={CHOICES.map((choice) => ({ value: choice, label: t(`compose.to.${choice}`) }))}
        />
        {value.whom === "group" && <GroupSelect value={value.group} onChange={(group) => onChange({ group })} error={error} />}
        {value.whom === "branch" && <BranchSelect value={value.branch} onChange={(branch) => onChange({ branch })} error={error} />}
      </div>
      <Also value={value} onChange={onChange} />
    </div>
  );
}

interface SelectProps {
  value: string | null;
  onChange: (name: string | null) => void;
  error: string | undefined;
}

function GroupSelect({ value, onChange, error }: SelectProps) {
  const { t, i18n } = useTranslation();
  const { search, asked, ...typing } = useSearch(value);
  const list = useInfiniteQuery({ ...groupsQuery(search), placeholderData: keepPreviousData });
  const groups = new Map(list.data?.pages.flatMap((page) => page.groups).map((group) => [group.name, group]));
  const figures = new Intl.NumberFormat(i18n.language);
  const words = (name: string) => {
    const group = groups.get(name);
    return group && t("groups.counts", { online: figures.format(group.online), members: figures.format(group.members) });
  };
  return (
    <NameSelect
      id="compose-group"
      label={t("compose.group")}
      placeholder={t("compose.groupSearch")}
      nothing={list.isPending ? t("state.loading") : t(search ? "compose.noGroup" : "groups.empty")}
      names={[...groups.keys()]}
      value={value}
      onChange={onChange}
      error={error}
      settled={asked && !list.isPlaceholderData}
      {...typing}
      renderOption={(name) => (
        <>
          <span className={classes.optionName}>{name}</span>
          <span className={`${classes.optionState} figures`}>{words(name)}</span>
        </>
      )}
    />
  );
}

function BranchSelect({ value, onChange, error }: SelectProps) {
  const { t } = useTranslation();
  const { search, asked, ...typing } = useSearch(value);
  const list = useInfiniteQuery({ ...clientsQuery("all", search), placeholderData: keepPreviousData });
  const online = new Map(list.data?.pages.flatMap((page) => page.clients).map((client) => [client.name, client.online]));
  return (
    <NameSelect
      id="compose-branch"
      label={t("compose.branch")}
      placeholder={t("compose.branchSearch")}
      nothing={list.isPending ? t("state.loading") : t("compose.noBranch")}
      names={[...online.keys()]}
      value={value}
      onChange={onChange}
      error={error}
      settled={asked && !list.isPlaceholderData}
      {...typing}
      renderOption={(name) => (
        <>
          <span className={classes.dot} data-online={online.get(name) || undefined} aria-hidden />
          <span className={classes.optionName}>{name}</span>
          <span className={classes.optionState}>{online.get(name) ? t("clients.online") : t("clients.offline")}</span>
        </>
      )}
    />
  );
}
