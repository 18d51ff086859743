// Sources that must report: when each was heard, and which are silent. The administrator makes and changes them here.
import { ActionIcon, Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { saveWatches, watchesQuery } from "../../api/rules";
import type { Severity, Watch, WatchRow } from "../../api/types";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { span } from "../../lib/rules";
import { SEVERITIES } from "../../lib/severity";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconHeartRateMonitor, IconPencil, IconPlus, IconTrash } from "../icons";
import { Section } from "../Section";
import { SeverityBadge } from "../Severity";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { SpanField } from "./fields";
import classes from "./Rules.module.css";

type Opened = { kind: "edit"; watch: Watch | null } | { kind: "delete"; watch: Watch } | null;

export function WatchesTab({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const list = useQuery(watchesQuery);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const rows = list.data?.watches ?? [];
  const watches = rows.map(asWatch);
  const version = list.data?.version ?? 0;
  const add = isAdmin && (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => setOpened({ kind: "edit", watch: null })} data-testid="new-watch">
      {t("rules.watches.add")}
    </Button>
  );
  return (
    <Section title={t("rules.watches.title")} aside={add}>
      {list.isPending && <SkeletonRows rows={3} height={56} />}
      {list.isError && !list.data && <Failure title={t("rules.watches.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Empty icon={<IconHeartRateMonitor size={20} />} title={t("rules.watches.empty")}>
          {t("rules.watches.emptyHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {rows.map((row) => (
          <li key={row.id} className={classes.row} data-testid="watch">
            <div className={classes.words}>
              <p className={classes.name}>
                <span translate="no">{row.name}</span>
                <SeverityBadge severity={row.severity} />
              </p>
              <p className={classes.line}>
                <span translate="no">{row.source}</span> · {t("rules.watches.everyShort", { time: span(row.every_s) })}
              </p>
              <p className={`${classes.soft} figures`}>
                {row.silent_since ? (
                  <span className={classes.mark} data-warn>
                    {t("rules.watches.silent")} <When at={row.silent_since} />
                  </span>
                ) : row.heard_at ? (
                  <>
                    {t("rules.watches.heard")} <When at={row.heard_at} relative />
                  </>
                ) : (
                  t("rules.watches.waiting")
                )}
              </p>
            </div>
            {isAdmin && (
              <div className={classes.tools}>
                <ActionIcon aria-label={t("rules.editNamed", { name: row.name })} onClick={() => setOpened({ kind: "edit", watch: asWatch(row) })}>
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon color="red" aria-label={t("rules.deleteTitle", { name: row.name })} onClick={() => setOpened({ kind: "delete", watch: asWatch(row) })}>
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            )}
          </li>
        ))}
      </ul>
      <Modal
        opened={opened?.kind === "edit"}
        onClose={close}
        title={opened?.watch ? t("rules.watches.editTitle", { name: opened.watch.name }) : t("rules.watches.newTitle")}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Form watch={opened?.watch ?? null} watches={watches} version={version} onClose={close} />
      </Modal>
      {opened?.kind === "delete" && (
        <ConfirmDelete
          opened
          onClose={close}
          title={t("rules.deleteTitle", { name: opened.watch.name })}
          lead={t("rules.deleteLead")}
          verb={t("rules.delete")}
          failed={t("rules.notSaved")}
          done={t("rules.deleted", { name: opened.watch.name })}
          remove={() => saveWatches(watches.filter(({ id }) => id !== opened.watch.id), version)}
        />
      )}
    </Section>
  );
}

interface FormProps {
  watch: Watch | null;
  watches: Watch[];
  version: number;
  onClose: () => void;
}

function Form({ watch, watches, version, onClose }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Watch>(watch ?? { name: "", source: "", every_s: 3_600, severity: "error" });
  const place = watch ? watches.findIndex(({ id }) => id === watch.id) : watches.length;
  const save = useMutation({
    mutationFn: () => saveWatches(watch ? watches.map((one) => (one.id === watch.id ? draft : one)) : [...watches, draft], version),
    onSuccess: () => {
      announce(t("rules.saved"));
      onClose();
    },
    onError: () => announce(t("rules.notSaved"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === `watches[${place}].${field}`)?.reason ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <TextInput
        data-autofocus
        label={t("rules.watches.name")}
        placeholder={t("rules.watches.nameExample")}
        value={draft.name}
        error={fault("name")}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <TextInput
        label={t("rules.watches.source")}
        placeholder="backup-*"
        value={draft.source}
        error={fault("source")}
        onChange={(event) => setDraft({ ...draft, source: event.currentTarget.value })}
      />
      <SpanField label={t("rules.watches.every")} seconds={draft.every_s} onChange={(every_s) => setDraft({ ...draft, every_s })} error={fault("every_s")} />
      <Select
        label={t("rules.watches.severity")}
        allowDeselect={false}
        value={draft.severity}
        data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        onChange={(value) => setDraft({ ...draft, severity: value as Severity })}
      />
      {save.isError && faults.length === 0 && <Failure title={t("rules.notSaved")} error={save.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-watch">
          {t("rules.save")}
        </Button>
      </div>
    </form>
  );
}

function asWatch({ id, name, source, every_s, severity }: WatchRow): Watch {
  return { ...(id !== undefined && { id }), name, source, every_s, severity };
}
