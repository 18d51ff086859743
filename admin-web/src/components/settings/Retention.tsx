// How long things are kept. Keeping less deletes for ever, so that is asked once more.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type Dispatch, type FormEvent, type SetStateAction } from "react";
import { useTranslation } from "react-i18next";
import { saveRetention } from "../../api/settings";
import type { Retention as Kept, Settings } from "../../api/types";
import { announce } from "../../lib/announce";
import { followed, isWrong, KINDS, shortened, toFields, toRetention, type Fields, type Kind } from "../../lib/retention";
import { toast } from "../../lib/toast";
import { Section } from "../Section";
import { useReason } from "../States";
import { ConfirmShorter } from "./ConfirmShorter";
import classes from "./Settings.module.css";

export function Retention({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const [fields, setFields] = useFields(settings.retention);
  const [asking, setAsking] = useState(false);
  const save = useMutation({
    mutationFn: () => saveRetention(toRetention(fields)),
    onSuccess: () => {
      setAsking(false);
      toast({ message: t("settings.saved") });
      announce(t("settings.saved"));
    },
  });
  const reason = useReason(save.error);
  const wanted = toRetention(fields);
  const wrong = KINDS.filter((kind) => isWrong(fields[kind]));
  const changed = KINDS.some((kind) => (wanted[kind] ?? null) !== (settings.retention[kind] ?? null));
  const less = shortened(settings.retention, wanted);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong.length > 0) return document.getElementById(`kept-${wrong[0]}`)?.focus();
    if (less.length > 0) setAsking(true);
    else save.mutate();
  };
  return (
    <Section title={t("settings.keptTitle")} aside={changed && t("settings.unsaved")}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p className={classes.hint}>{t("settings.keptHint")}</p>
        {KINDS.map((kind) => (
          <Days key={kind} kind={kind} settings={settings} value={fields[kind]} onChange={(value) => setFields((old) => ({ ...old, [kind]: value }))} />
        ))}
        {save.isError && !asking && (
          <p className={classes.error} role="alert">
            {reason}
          </p>
        )}
        <Button type="submit" className={classes.save} disabled={!changed} loading={save.isPending} data-testid="save-settings">
          {t("settings.save")}
        </Button>
      </form>
      <ConfirmShorter
        opened={asking}
        kinds={less}
        wanted={wanted}
        error={save.isError ? reason : null}
        pending={save.isPending}
        onConfirm={() => save.mutate()}
        onClose={() => setAsking(false)}
      />
    </Section>
  );
}

/** What is typed; when the hub's own values change, by an import or somebody else, fields that nobody touched follow. */
function useFields(kept: Kept): [Fields, Dispatch<SetStateAction<Fields>>] {
  const [from, setFrom] = useState(() => toFields(kept));
  const [fields, setFields] = useState(from);
  const now = toFields(kept);
  if (KINDS.some((kind) => now[kind] !== from[kind])) {
    setFrom(now);
    setFields((typed) => followed(typed, from, now));
  }
  return [fields, setFields];
}

interface DaysProps {
  kind: Kind;
  settings: Settings;
  value: string;
  onChange: (value: string) => void;
}

const OLDEST = { events_days: "events", alerts_days: "alerts", connections_days: "connections", messages_days: "messages", actions_days: "actions" } as const;

function Days({ kind, settings, value, onChange }: DaysProps) {
  const { t, i18n } = useTranslation();
  const oldest = settings.oldest[OLDEST[kind]];
  const date = oldest && new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" }).format(new Date(oldest));
  return (
    <TextInput
      id={`kept-${kind}`}
      className={classes.field}
      label={t(`settings.kept.${kind}`)}
      description={date ? t("settings.oldest", { date }) : t("settings.noneYet")}
      inputMode="numeric"
      maxLength={6}
      autoComplete="off"
      placeholder={t("settings.forever")}
      rightSection={value.trim() !== "" && <span className={classes.unit}>{t("settings.days")}</span>}
      rightSectionWidth={56}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isWrong(value) && t("settings.wrongDays")}
    />
  );
}
