// Fields that several forms of this page share: a time with its unit, names with suggestions, severities, where things go.
import { Checkbox, NumberInput, Select, TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../../api/groups";
import { clientsQuery } from "../../api/queries";
import { onCallQuery } from "../../api/rules";
import type { Severity } from "../../api/types";
import { UNIT_S, unitOf, type ActionsDraft, type ScreensDraft, type Unit } from "../../lib/rules";
import { SEVERITIES } from "../../lib/severity";
import classes from "./Rules.module.css";

interface SpanProps {
  label: string;
  seconds: number;
  onChange: (seconds: number) => void;
  description?: string;
  error?: string | null;
  least?: number;
}

/** A length of time as a number and a unit. */
export function SpanField({ label, seconds, onChange, description, error, least = 1 }: SpanProps) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState<Unit>(() => (seconds === 0 ? "min" : unitOf(seconds)));
  return (
    <div>
      <div className={classes.inline}>
        <NumberInput
          className={classes.number}
          label={label}
          value={seconds / UNIT_S[unit]}
          min={least}
          max={100_000}
          hideControls
          error={Boolean(error)}
          onChange={(value) => onChange(Math.round(Number(value || 0) * UNIT_S[unit]))}
        />
        <Select
          className={classes.unit}
          aria-label={`${label}: ${t("rules.unit")}`}
          allowDeselect={false}
          value={unit}
          data={(["s", "min", "h"] as const).map((value) => ({ value, label: t(`rules.units.${value}`) }))}
          onChange={(value) => {
            const next = value as Unit;
            onChange(Math.round((seconds / UNIT_S[unit]) * UNIT_S[next]));
            setUnit(next);
          }}
        />
      </div>
      {description && <p className={classes.hint}>{description}</p>}
      {error && <p className={classes.fault}>{error}</p>}
    </div>
  );
}

interface TagsProps {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  placeholder?: string;
  description?: string;
  error?: string | null;
  data?: string[];
  onSearch?: (text: string) => void;
}

/** Texts, one after the other; what is typed and not ended by Enter counts when the field is left. */
export function Tags({ label, value, onChange, placeholder, description, error, data = [], onSearch }: TagsProps) {
  return (
    <TagsInput
      label={label}
      value={value}
      onChange={onChange}
      description={description}
      placeholder={value.length === 0 ? placeholder : undefined}
      error={error}
      data={data}
      onSearchChange={onSearch}
      acceptValueOnBlur
      splitChars={[",", ";"]}
      clearable={false}
    />
  );
}

/** Names of groups, with those there are as suggestions. */
export function GroupTags(props: Omit<TagsProps, "data" | "onSearch">) {
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useInfiniteQuery(groupsQuery(asked));
  const names = found.data?.pages.flatMap((page) => page.groups.map(({ name }) => name)) ?? [];
  return <Tags {...props} data={names} onSearch={setTyped} />;
}

export function BranchTags(props: Omit<TagsProps, "data" | "onSearch">) {
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useInfiniteQuery(clientsQuery("all", asked));
  const names = found.data?.pages.flatMap((page) => page.clients.map(({ name }) => name)) ?? [];
  return <Tags {...props} data={[...new Set(names)]} onSearch={setTyped} />;
}

interface SeveritiesProps {
  label: string;
  hint?: string;
  value: Severity[];
  onChange: (value: Severity[]) => void;
}

export function Severities({ label, hint, value, onChange }: SeveritiesProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <span id={id} className={classes.label}>
        {label}
      </span>
      <div className={classes.checks}>
        {SEVERITIES.map((one) => (
          <Checkbox
            key={one}
            label={t(`severity.${one}`)}
            checked={value.includes(one)}
            onChange={(event) => onChange(event.currentTarget.checked ? [...value, one] : value.filter((other) => other !== one))}
          />
        ))}
      </div>
      {hint && <p className={classes.hint}>{hint}</p>}
    </div>
  );
}

interface ScreensProps {
  value: ScreensDraft;
  onChange: (part: Partial<ScreensDraft>) => void;
  /** What the tick for everybody is called. */
  everybody: string;
  error: string | null;
  /** Names may be named beside everybody. */
  both?: boolean;
}

/** Everybody, groups, branches. */
export function ScreensFields({ value, onChange, everybody, error, both = false }: ScreensProps) {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox label={everybody} checked={value.everybody} onChange={(event) => onChange({ everybody: event.currentTarget.checked })} />
      {(both || !value.everybody) && (
        <div className={classes.inline}>
          <div className={classes.grow}>
            <GroupTags label={t("rules.actions.groups")} value={value.groups} onChange={(groups) => onChange({ groups })} error={error} />
          </div>
          <div className={classes.grow}>
            <BranchTags label={t("rules.actions.branches")} value={value.branches} onChange={(branches) => onChange({ branches })} />
          </div>
        </div>
      )}
    </>
  );
}

interface ActionsProps {
  value: ActionsDraft;
  onChange: (value: ActionsDraft) => void;
  fault: (field: string) => string | null;
}

/** Where something goes. */
export function ActionsFields({ value, onChange, fault }: ActionsProps) {
  const { t } = useTranslation();
  const rotations = useQuery(onCallQuery).data?.on_call.map(({ name }) => name) ?? [];
  const change = (part: Partial<ActionsDraft>) => onChange({ ...value, ...part });
  return (
    <>
      <ScreensFields value={value} onChange={change} everybody={t("rules.actions.everybody")} error={fault("screens")} />
      <Tags
        label={t("rules.actions.mail")}
        description={t("rules.actions.mailHint")}
        value={value.mail}
        onChange={(mail) => change({ mail })}
        data={["default"]}
        error={fault("mail")}
      />
      {(rotations.length > 0 || value.onCall.length > 0) && (
        <div role="group" aria-label={t("rules.actions.onCall")}>
          <span className={classes.label}>{t("rules.actions.onCall")}</span>
          <div className={classes.checks}>
            {[...new Set([...rotations, ...value.onCall])].map((name) => (
              <Checkbox
                key={name}
                label={name}
                checked={value.onCall.includes(name)}
                onChange={(event) => {
                  const rest = value.onCall.filter((other) => other !== name);
                  change({ onCall: event.currentTarget.checked ? [...rest, name] : rest });
                }}
              />
            ))}
          </div>
          {fault("on_call") && <p className={classes.fault}>{fault("on_call")}</p>}
        </div>
      )}
      <details className={classes.more} open={value.webhooks.length > 0 || undefined}>
        <summary>{t("rules.actions.webhooks")}</summary>
        <Tags
          label={t("rules.actions.webhooks")}
          description={t("rules.actions.webhooksHint")}
          value={value.webhooks}
          onChange={(webhooks) => change({ webhooks })}
          error={fault("webhooks")}
        />
      </details>
    </>
  );
}
