// Groups and branches found by name on the hub. They come when somebody writes to one: the first load does without them.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../../api/groups";
import { useBranchesOf } from "../../api/limits";
import { clientsQuery } from "../../api/queries";
import { fold } from "../../lib/board";
import { NameSelect, useSearch } from "./NameSelect";
import classes from "./Compose.module.css";

interface SelectProps {
  value: string | null;
  onChange: (name: string | null) => void;
  error: string | undefined;
  /** Groups that this technician is limited to; `null` is no limit. */
  allowed: string[] | null;
}

export function GroupSelect({ value, onChange, error, allowed }: SelectProps) {
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
      names={allowed ? allowed.filter((name) => fold(name).includes(fold(search))) : [...groups.keys()]}
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

export function BranchSelect({ value, onChange, error, allowed }: SelectProps) {
  const { t } = useTranslation();
  const { search, asked, ...typing } = useSearch(value);
  const list = useInfiniteQuery({ ...clientsQuery("all", search), placeholderData: keepPreviousData });
  const mine = useBranchesOf(allowed);
  const found = new Map(list.data?.pages.flatMap((page) => page.clients).map((client) => [client.name, client.online]));
  const online = allowed ? mine : found;
  return (
    <NameSelect
      id="compose-branch"
      label={t("compose.branch")}
      placeholder={t("compose.branchSearch")}
      nothing={list.isPending ? t("state.loading") : t("compose.noBranch")}
      names={[...online.keys()].filter((name) => !allowed || fold(name).includes(fold(search)))}
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
