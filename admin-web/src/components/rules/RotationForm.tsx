// Writes one rotation: who has which week, and how each is reached.
import { ActionIcon, Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { saveOnCall } from "../../api/rules";
import type { OnCall } from "../../api/types";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import { actionsDraft, asActions, freshKey, type ActionsDraft } from "../../lib/rules";
import { today, zoneHere } from "../../lib/week";
import { IconPlus, IconX } from "../icons";
import { Failure } from "../States";
import { BranchTags, Tags } from "./fields";
import { ZoneField } from "./ZoneField";
import classes from "./Rules.module.css";

interface Props {
  opened: boolean;
  /** The rotation to change; null makes a new one. */
  name: string | null;
  rotations: OnCall[];
  version: number;
  onClose: () => void;
}

export function RotationForm(props: Props) {
  const { t } = useTranslation();
  const title = props.name === null ? t("rules.onCall.newTitle") : t("rules.onCall.editTitle", { name: props.name });
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={title} size="lg" closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close") }}>
      <Form {...props} />
    </Modal>
  );
}

interface TurnDraft {
  key: number;
  name: string;
  then: ActionsDraft;
}

const freshTurn = (): TurnDraft => ({ key: freshKey(), name: "", then: actionsDraft(undefined) });

function Form({ name: old, rotations, version, onClose }: Props) {
  const { t } = useTranslation();
  const found = rotations.findIndex(({ name }) => name === old);
  const rotation = rotations[found];
  const place = found < 0 ? rotations.length : found;
  const [name, setName] = useState(rotation?.name ?? "");
  const [zone, setZone] = useState(rotation?.time_zone ?? zoneHere());
  const [first, setFirst] = useState(rotation?.starts_on ?? today());
  const [handOver, setHandOver] = useState(rotation?.hand_over ?? "08:00");
  const [turns, setTurns] = useState<TurnDraft[]>(
    () => rotation?.turns.map((turn) => ({ key: freshKey(), name: turn.name, then: actionsDraft(turn) })) ?? [freshTurn()],
  );
  const save = useMutation({
    mutationFn: (wanted: OnCall) => {
      const next = [...rotations];
      next[place] = wanted;
      return saveOnCall(next, version);
    },
    onSuccess: () => {
      announce(t("rules.saved"));
      onClose();
    },
    onError: () => announce(t("rules.notSaved"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === `on_call[${place}].${field}` || one.field?.startsWith(`on_call[${place}].${field}[`))?.reason ?? null;
  const whole = faults.find(({ field }) => field === "on_call")?.reason;
  const change = (key: number, part: Partial<TurnDraft>) => setTurns((old) => old.map((turn) => (turn.key === key ? { ...turn, ...part } : turn)));

  function submit(event: FormEvent): void {
    event.preventDefault();
    const said = turns.map((turn) => {
      const { screens, mail } = asActions(turn.then);
      return { name: turn.name, screens, mail };
    });
    if (!save.isPending) save.mutate({ name, time_zone: zone, starts_on: first, hand_over: handOver, turns: said });
  }

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <TextInput
        data-autofocus
        label={t("rules.onCall.name")}
        placeholder={t("rules.onCall.nameExample")}
        value={name}
        error={fault("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={classes.inline}>
        <TextInput type="date" label={t("rules.onCall.first")} value={first} error={fault("starts_on")} onChange={(event) => setFirst(event.currentTarget.value)} />
        <TextInput type="time" label={t("rules.onCall.handOver")} value={handOver} error={fault("hand_over")} onChange={(event) => setHandOver(event.currentTarget.value)} />
        <ZoneField value={zone} onChange={setZone} error={fault("time_zone")} />
      </div>
      <fieldset className={classes.part}>
        <legend>{t("rules.onCall.turns")}</legend>
        <p className={classes.hint}>{t("rules.onCall.turnsHint")}</p>
        {turns.map((turn, index) => (
          <div key={turn.key} className={classes.step} role="group" aria-label={t("rules.onCall.turn", { number: index + 1 })} data-testid="turn">
            <div className={classes.stepHead}>
              {t("rules.onCall.turn", { number: index + 1 })}
              <ActionIcon
                aria-label={t("rules.onCall.removeTurn", { number: index + 1 })}
                disabled={turns.length === 1}
                onClick={() => setTurns(turns.filter(({ key }) => key !== turn.key))}
              >
                <IconX size={16} />
              </ActionIcon>
            </div>
            <TextInput label={t("rules.onCall.person")} value={turn.name} error={fault(`turns[${index}].name`)} onChange={(event) => change(turn.key, { name: event.currentTarget.value })} />
            <div className={classes.inline}>
              <div className={classes.grow}>
                <Tags label={t("rules.onCall.mail")} value={turn.then.mail} onChange={(mail) => change(turn.key, { then: { ...turn.then, mail } })} error={fault(`turns[${index}].mail`)} />
              </div>
              <div className={classes.grow}>
                <BranchTags label={t("rules.onCall.screens")} value={turn.then.branches} onChange={(branches) => change(turn.key, { then: { ...turn.then, branches } })} error={fault(`turns[${index}].screens`)} />
              </div>
            </div>
            {faults.find(({ field }) => field === `on_call[${place}].turns[${index}]`) && (
              <p className={classes.fault}>{faults.find(({ field }) => field === `on_call[${place}].turns[${index}]`)?.reason}</p>
            )}
          </div>
        ))}
        <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={() => setTurns([...turns, freshTurn()])}>
          {t("rules.add")}
        </Button>
      </fieldset>
      {whole && <p className={classes.fault}>{whole}</p>}
      {save.isError && faults.length === 0 && <Failure title={t("rules.notSaved")} error={save.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-rotation">
          {t("rules.save")}
        </Button>
      </div>
    </form>
  );
}
