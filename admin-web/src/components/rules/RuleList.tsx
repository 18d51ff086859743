// All rules in the order in which they are asked, as sentences. Every change is saved at once, as a whole, with the version seen.
import { ActionIcon, Button, Switch } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { resetRules, rulesQuery, saveRules } from "../../api/rules";
import type { Rule } from "../../api/types";
import { announce } from "../../lib/announce";
import { isTaken } from "../../lib/fields";
import { followTemplate, moved, Words } from "../../lib/rules";
import { toast } from "../../lib/toast";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconArrowUp, IconBellRinging, IconHistory, IconPencil, IconPlus, IconRoute, IconTrash } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { RuleEditor } from "./RuleEditor";
import classes from "./Rules.module.css";

type Opened = { kind: "edit"; rule: Rule | null } | { kind: "follow" } | { kind: "delete"; rule: Rule } | { kind: "reset" } | null;

export function RuleList({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const set = useQuery(rulesQuery);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const rules = set.data?.rules ?? [];
  const version = set.data?.version ?? 0;
  const save = useMutation({
    mutationFn: ({ next }: { next: Rule[]; said: string }) => saveRules(next, version),
    onSuccess: (_, { said }) => announce(said),
    onError: (error) => {
      toast({ color: "orange", message: t(isTaken(error) ? "rules.conflict" : "rules.notSaved") });
      void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
    },
  });
  const move = (from: number, to: number) => {
    const name = rules[from]?.name;
    if (name && to >= 0 && to < rules.length && !save.isPending) {
      save.mutate({ next: moved(rules, from, to), said: t("rules.moved", { name, place: to + 1 }) });
    }
  };
  const toggle = (rule: Rule) =>
    save.mutate({ next: rules.map((one) => (one.id === rule.id ? { ...one, enabled: !(one.enabled ?? true) } : one)), said: t("rules.saved") });
  const shown = save.isPending ? save.variables.next : rules;
  const create = isAdmin && (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => setOpened({ kind: "edit", rule: null })} data-testid="new-rule">
      {t("rules.new")}
    </Button>
  );
  const follow = isAdmin && !rules.some((rule) => rule.applies_to === "alerts") && (
    <Button variant="default" size="sm" leftSection={<IconBellRinging size={16} />} onClick={() => setOpened({ kind: "follow" })} data-testid="follow-alerts">
      {t("rules.follow.add")}
    </Button>
  );
  return (
    <Section
      title={t("rules.title")}
      aside={
        isAdmin && (
          <span className={classes.actions}>
            {set.data && !set.data.builtin && (
              <Button variant="subtle" color="red" size="sm" onClick={() => setOpened({ kind: "reset" })}>
                {t("rules.reset")}
              </Button>
            )}
            {follow}
            {create}
          </span>
        )
      }
    >
      {set.isPending && <SkeletonRows rows={4} height={72} />}
      {set.isError && !set.data && <Failure title={t("rules.failed")} error={set.error} onRetry={() => void set.refetch()} />}
      {set.data?.builtin && <p className={classes.note}>{t("rules.builtin")}</p>}
      {set.data && !isAdmin && <p className={classes.note}>{t("rules.readonly")}</p>}
      {set.data && rules.length === 0 && <Empty icon={<IconRoute size={20} />} title={t("rules.empty")} action={create}>{t("rules.emptyHint")}</Empty>}
      <ol className={classes.list}>
        {shown.map((rule, place) => (
          <Row
            key={rule.id}
            rule={rule}
            place={place}
            last={shown.length - 1}
            isAdmin={isAdmin}
            onMove={move}
            onToggle={() => toggle(rule)}
            onOpen={(kind) => setOpened({ kind, rule })}
          />
        ))}
      </ol>
      <RuleEditor
        key={opened?.kind === "edit" ? (opened.rule?.id ?? "new") : (opened?.kind ?? "closed")}
        opened={opened?.kind === "edit" || opened?.kind === "follow"}
        template={opened?.kind === "follow" ? followTemplate(t) : undefined}
        rule={opened?.kind === "edit" ? opened.rule : null}
        rules={rules}
        version={version}
        onClose={close}
      />
      {opened?.kind === "delete" && (
        <ConfirmDelete
          opened
          onClose={close}
          title={t("rules.deleteTitle", { name: opened.rule.name })}
          lead={t("rules.deleteLead")}
          verb={t("rules.delete")}
          failed={t("rules.notSaved")}
          done={t("rules.deleted", { name: opened.rule.name })}
          remove={() => saveRules(rules.filter(({ id }) => id !== opened.rule.id), version)}
        />
      )}
      <ConfirmDelete
        opened={opened?.kind === "reset"}
        onClose={close}
        title={t("rules.resetTitle")}
        lead={t("rules.resetLead")}
        verb={t("rules.reset")}
        failed={t("rules.notSaved")}
        done={t("rules.resetDone")}
        remove={resetRules}
      />
    </Section>
  );
}

interface RowProps {
  rule: Rule;
  place: number;
  last: number;
  isAdmin: boolean;
  onMove: (from: number, to: number) => void;
  onToggle: () => void;
  onOpen: (kind: "edit" | "delete") => void;
}

function Row({ rule, place, last, isAdmin, onMove, onToggle, onOpen }: RowProps) {
  const { t, i18n } = useTranslation();
  const words = new Words(t, i18n.language);
  const [over, setOver] = useState(false);
  const isOn = rule.enabled ?? true;
  const name = rule.name;
  const manner = words.manner(rule);
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const from = Number(event.dataTransfer.getData("text/x-rule"));
    if (event.dataTransfer.types.includes("text/x-rule")) onMove(from, place);
  }
  return (
    <li
      className={classes.row}
      data-testid="rule"
      data-off={!isOn || undefined}
      data-over-top={over || undefined}
      onDragOver={(event) => {
        if (!isAdmin || !event.dataTransfer.types.includes("text/x-rule")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span
        className={`${classes.place} figures`}
        draggable={isAdmin}
        onDragStart={(event) => event.dataTransfer.setData("text/x-rule", String(place))}
      >
        {place + 1}
      </span>
      <div className={classes.words}>
        <p className={classes.name} translate="no">
          {name}
        </p>
        <p className={classes.line}>{words.match(rule.match, rule.applies_to)}</p>
        {(rule.applies_to !== "alerts" || !rule.steps?.length) && (
          <p className={classes.line}>→ {isNothing(rule) ? t("rules.say.nothing") : words.actions(rule.then)}</p>
        )}
        {manner && <p className={classes.soft}>{manner}</p>}
        {(rule.steps ?? []).length > 0 && (
          <ol className={classes.steps}>
            {(rule.steps ?? []).map((step, index) => (
              <li key={index}>{words.step(step)}</li>
            ))}
          </ol>
        )}
      </div>
      <div className={classes.tools}>
        {isAdmin && (
          <>
            <Switch aria-label={t("rules.editor.enabledNamed", { name })} checked={isOn} onChange={onToggle} />
            <ActionIcon aria-label={t("rules.up", { name })} disabled={place === 0} onClick={() => onMove(place, place - 1)}>
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon aria-label={t("rules.down", { name })} disabled={place === last} onClick={() => onMove(place, place + 1)}>
              <IconArrowUp size={16} className={classes.turned} />
            </ActionIcon>
          </>
        )}
        <ActionIcon
          aria-label={`${t("rules.activity.title")}: ${name}`}
          renderRoot={(props) => <Link to="/rules" search={{ tab: "activity", rule: rule.id ?? "" }} {...props} />}
        >
          <IconHistory size={16} />
        </ActionIcon>
        {isAdmin && (
          <>
            <ActionIcon aria-label={t("rules.editNamed", { name })} onClick={() => onOpen("edit")}>
              <IconPencil size={16} />
            </ActionIcon>
            <ActionIcon color="red" aria-label={t("rules.deleteTitle", { name })} onClick={() => onOpen("delete")}>
              <IconTrash size={16} />
            </ActionIcon>
          </>
        )}
      </div>
    </li>
  );
}

function isNothing({ then }: Rule): boolean {
  const all = [then?.screens, then?.mail, then?.webhooks, then?.on_call];
  return all.every((list) => !list || list.length === 0);
}
