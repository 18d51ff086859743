// Makes a silence: which events, for how long or in which hours of the week, and why.
import { Button, Checkbox, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { silence } from "../../api/rules";
import type { Severity, Silence, Weekday } from "../../api/types";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { Failure } from "../States";
import { Severities, SpanField, Tags } from "./fields";
import { ZoneField } from "./ZoneField";
import { WEEKDAYS, zoneHere } from "../../lib/week";
import classes from "./Rules.module.css";

export function SilenceForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("rules.silences.newTitle")} size="lg" closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close") }}>
      <Form onClose={onClose} />
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [sources, setSources] = useState<string[]>([]);
  const [severities, setSeverities] = useState<Severity[]>([]);
  const [reason, setReason] = useState("");
  const [kind, setKind] = useState<"once" | "weekly">("once");
  const [seconds, setSeconds] = useState(7_200);
  const [days, setDays] = useState<Weekday[]>(["sun"]);
  const [from, setFrom] = useState("22:00");
  const [to, setTo] = useState("06:00");
  const [zone, setZone] = useState(zoneHere);
  const [critical, setCritical] = useState(false);
  const save = useMutation({
    mutationFn: (wanted: Silence) => silence(wanted),
    onSuccess: () => {
      announce(t("rules.silences.made"));
      onClose();
    },
    onError: () => announce(t("rules.notSaved"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === field || one.field?.startsWith(`${field}[`))?.reason ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const when = kind === "once" ? { ends_at: new Date(Date.now() + seconds * 1_000).toISOString() } : { weekly: { days, from, to, time_zone: zone } };
    if (!save.isPending) save.mutate({ match: { sources, severities }, reason, critical, ...when });
  }

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <TextInput
        data-autofocus
        label={t("rules.silences.reason")}
        placeholder={t("rules.silences.reasonExample")}
        value={reason}
        error={fault("reason")}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Tags label={t("rules.editor.sources")} description={t("rules.editor.pattern")} placeholder="router-*" value={sources} onChange={setSources} error={fault("match.sources")} />
      <Severities label={t("rules.editor.severities")} hint={t("rules.editor.severitiesHint")} value={severities} onChange={setSeverities} />
      <Checkbox
        label={t("rules.silences.critical")}
        description={t("rules.silences.criticalHint")}
        checked={critical}
        onChange={(event) => setCritical(event.currentTarget.checked)}
      />
      <SegmentedControl
        aria-label={t("rules.silences.kind")}
        value={kind}
        onChange={(value) => setKind(value === "weekly" ? "weekly" : "once")}
        data={(["once", "weekly"] as const).map((value) => ({ value, label: t(`rules.silences.kinds.${value}`) }))}
      />
      {kind === "once" && <SpanField label={t("rules.silences.for")} seconds={seconds} onChange={setSeconds} error={fault("ends_at")} />}
      {kind === "weekly" && (
        <>
          <div role="group" aria-label={t("rules.silences.days")}>
            <span className={classes.label}>{t("rules.silences.days")}</span>
            <div className={classes.checks}>
              {WEEKDAYS.map((day) => (
                <Checkbox
                  key={day}
                  label={t(`rules.days.${day}`)}
                  checked={days.includes(day)}
                  onChange={(event) => setDays(event.currentTarget.checked ? [...days, day] : days.filter((other) => other !== day))}
                />
              ))}
            </div>
            {fault("weekly.days") && <p className={classes.fault}>{fault("weekly.days")}</p>}
          </div>
          <div className={classes.inline}>
            <TextInput type="time" label={t("rules.silences.from")} value={from} error={fault("weekly.from")} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput type="time" label={t("rules.silences.to")} value={to} error={fault("weekly.to")} onChange={(event) => setTo(event.currentTarget.value)} />
            <ZoneField value={zone} onChange={setZone} error={fault("weekly.time_zone")} />
          </div>
        </>
      )}
      {save.isError && faults.length === 0 && <Failure title={t("rules.notSaved")} error={save.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-silence">
          {t("rules.silences.add")}
        </Button>
      </div>
    </form>
  );
}
