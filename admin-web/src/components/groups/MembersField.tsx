// The members of a group that is being written: found by name, typed, or pasted as a list. Nobody need be enrolled yet.
import { ActionIcon, Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { clientsQuery } from "../../api/queries";
import { announce } from "../../lib/announce";
import { fold } from "../../lib/board";
import { alike, found, merge, parseMembers } from "../../lib/group";
import { IconX } from "../icons";
import { Empty } from "../States";
import { VirtualRows } from "../VirtualRows";
import classes from "./Groups.module.css";

interface Props {
  members: readonly string[];
  onChange: (members: string[]) => void;
  typed: string;
  onType: (text: string) => void;
  error: string | null;
  /** What is wrong with single members. */
  faults: ReadonlyMap<string, string>;
}

export function MembersField({ members, onChange, typed, onType, error, faults }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const chosen = useRef<string | null>(null);
  const suggested = useSuggestions(members, typed);

  function add(names: readonly string[]): void {
    const next = merge(members, names);
    onChange(next);
    onType("");
    announce(t("groups.added", { count: next.length - members.length }));
  }

  function paste(event: ClipboardEvent): void {
    const text = event.clipboardData.getData("text");
    if (!/[\n\r\t,;]/.test(text.trim())) return;
    event.preventDefault();
    add(parseMembers(text));
  }

  function keys(event: KeyboardEvent<HTMLInputElement>): void {
    // With a suggestion chosen by the arrows, Enter takes that one.
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.currentTarget.getAttribute("aria-activedescendant")) return;
    event.preventDefault();
    if (typed.trim()) add(parseMembers(typed));
  }

  return (
    <div className={classes.members}>
      <Autocomplete
        ref={input}
        id="group-members"
        label={t("groups.members")}
        description={t("groups.membersHint")}
        placeholder={t("groups.membersSearch")}
        data={[...suggested.keys()]}
        filter={({ options }) => options}
        limit={50}
        maxDropdownHeight={190}
        value={typed}
        onChange={(text) => {
          if (text !== chosen.current) onType(text);
          chosen.current = null;
        }}
        onOptionSubmit={(name) => {
          // The field wants to hold the chosen name next; it is in the list instead.
          chosen.current = name;
          add([name]);
        }}
        onPaste={paste}
        onKeyDown={keys}
        error={error}
        autoComplete="off"
        spellCheck={false}
        // Taking a member out leads back here, and an open list would cover the next one to take out.
        openOnFocus={false}
        comboboxProps={{ shadow: "md" }}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <span className={classes.dot} data-online={suggested.get(option.value) || undefined} aria-hidden />
            <span className={classes.optionName}>{option.value}</span>
            <span className={classes.soft}>{suggested.get(option.value) ? t("clients.online") : t("clients.offline")}</span>
          </span>
        )}
      />
      <MemberList
        members={members}
        search={typed}
        faults={faults}
        onRemove={(name) => {
          onChange(members.filter((one) => one !== name));
          announce(t("groups.removed", { name }));
          input.current?.focus();
        }}
      />
    </div>
  );
}

/** Clients whose name matches and who are no members yet; with whether they are online. */
function useSuggestions(members: readonly string[], typed: string): ReadonlyMap<string, boolean> {
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { data, isPlaceholderData } = useInfiniteQuery({ ...clientsQuery("all", search), placeholderData: keepPreviousData });
  const known = new Set(members.map(alike));
  const clients = data?.pages.flatMap((page) => page.clients) ?? [];
  const fresh = clients.filter(({ name }) => !known.has(alike(name)));
  // Until the hub has answered, what it said before must not offer anybody else.
  const settled = !isPlaceholderData && search === typed.trim();
  const offered = settled ? fresh : fresh.filter(({ name }) => fold(name).includes(fold(typed.trim())));
  return new Map(offered.map(({ name, online }) => [name, online]));
}

interface ListProps {
  members: readonly string[];
  search: string;
  faults: ReadonlyMap<string, string>;
  onRemove: (name: string) => void;
}

/** What is typed finds members, too; faulty ones stand on top. */
function MemberList({ members, search, faults, onRemove }: ListProps) {
  const { t, i18n } = useTranslation();
  const matching = search.trim() ? found(members, search, i18n.language) : members;
  const shown = faults.size === 0 ? matching : [...matching].sort((a, b) => Number(faults.has(b)) - Number(faults.has(a)));
  return (
    <div className={classes.box}>
      <p className={`${classes.boxHead} figures`} data-testid="member-count">
        {shown.length < members.length ? t("groups.matching", { count: shown.length, all: members.length }) : t("groups.memberCount", { count: members.length })}
      </p>
      {members.length === 0 && <Empty title={t("groups.noMembers")}>{t("groups.noMembersHint")}</Empty>}
      {shown.length > 0 && (
        <VirtualRows
          label={t("groups.members")}
          className={classes.boxRows}
          items={shown}
          rowHeight={faults.size === 0 ? 36 : 44}
          key={faults.size}
          keyOf={(name) => name}
          render={(name) => (
            <div className={classes.member} data-faulty={faults.has(name) || undefined} data-testid="member">
              <span className={classes.memberName} translate="no" title={name}>
                {name}
                {faults.has(name) && <span className={classes.fault}>{faults.get(name)}</span>}
              </span>
              <ActionIcon size={28} color="gray" aria-label={t("groups.remove", { name })} onClick={() => onRemove(name)}>
                <IconX size={16} />
              </ActionIcon>
            </div>
          )}
        />
      )}
    </div>
  );
}
