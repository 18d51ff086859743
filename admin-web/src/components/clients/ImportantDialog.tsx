// After how long technicians are told that a client is gone; the same for one and for many.
import { Button, Modal, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { actOn, type Chosen } from "../../api/clients";
import { announce } from "../../lib/announce";
import { ABSENCES, inUnits } from "../../lib/clients";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  chosen: Chosen;
  count: number;
  name: string;
  /** What it is now, in seconds. */
  current?: number | undefined;
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}

const NOT = "not";

export function ImportantDialog({ opened, ...props }: Props) {
  const { t } = useTranslation();
  const { count, name, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={t("directory.act.importantTitle", { count, name })} closeButtonProps={{ "aria-label": t("close") }}>
      <ImportantForm {...props} />
    </Modal>
  );
}

function ImportantForm({ chosen, count, current, onClose, onDone }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [after, setAfter] = useState(String(current ?? 3_600));
  const save = useMutation({
    mutationFn: () => actOn({ kind: "important", after_s: after === NOT ? null : Number(after) }, chosen, count),
    onSuccess: ({ changed }) => {
      announce(t("directory.act.importantDone", { count: changed }));
      onClose();
      onDone?.();
    },
  });
  const spans = [...new Set<number>([...ABSENCES, ...(current ? [current] : [])])].sort((a, b) => a - b);
  const words = useSpan();

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }

  return (
    <form className={dialogs.form} onSubmit={submit}>
      <p className={dialogs.lead}>{t("directory.act.importantLead")}</p>
      <Select
        data-autofocus
        label={t("directory.act.importantAfter")}
        allowDeselect={false}
        data={[...spans.map((seconds) => ({ value: String(seconds), label: words(seconds) })), { value: NOT, label: t("directory.act.importantNot") }]}
        value={after}
        onChange={(value) => value && setAfter(value)}
      />
      {save.isError && <Failure title={t("directory.act.failed")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t("directory.act.importantDo")}
        </Button>
      </div>
    </form>
  );
}

/** "4 hours": a time that somebody chose, in words. */
export function useSpan(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    const { unit, count } = inUnits(seconds);
    return t(`directory.span.${unit}`, { count });
  };
}
