// Changes a planned alert: whom it goes to, its words, its time and its choices.
import { Button, Modal, Switch, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changeScheduled } from "../../api/life";
import { useLimits } from "../../api/limits";
import type { Scheduled } from "../../api/types";
import { announce } from "../../lib/announce";
import { audienceOf, length, targetFlaws, targetOf, TEXT_CHARS, TITLE_CHARS } from "../../lib/draft";
import { optionFlaws, optionRequest, optionsOf, ownZone, type OptionFlaw } from "../../lib/options";
import { ExpiryField } from "../compose/ExpiryField";
import { RepliesField } from "../compose/RepliesField";
import { Whom } from "../compose/Whom";
import { WhenField } from "../compose/WhenField";
import dialogs from "../Dialogs.module.css";
import { SeverityPicker } from "../Severity";
import { Failure } from "../States";

export function EditPlanned({ planned, onClose }: { planned: Scheduled | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={planned !== null} onClose={onClose} title={t("scheduled.editTitle")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      {planned && <Form key={planned.id} planned={planned} onClose={onClose} />}
    </Modal>
  );
}

function Form({ planned, onClose }: { planned: Scheduled; onClose: () => void }) {
  const { t } = useTranslation();
  const { severities } = useLimits();
  const [target, setTarget] = useState(() => targetOf(planned.audience));
  const [title, setTitle] = useState(planned.title);
  const [text, setText] = useState(planned.text);
  const [severity, setSeverity] = useState(planned.severity);
  const [options, setOptions] = useState(() => optionsOf(planned));
  const [tried, setTried] = useState(false);
  const flaws = optionFlaws(options, Date.now());
  const noText = text.trim() === "";
  const [noWhom] = targetFlaws(target);
  const flawed = noWhom !== undefined || noText || length(text) > TEXT_CHARS || length(title) > TITLE_CHARS || flaws.length > 0;
  const zone = planned.repeat?.time_zone ?? ownZone();
  const save = useMutation({
    mutationFn: () => changeScheduled(planned.id, { audience: audienceOf(target), severity, title: title.trim(), text: text.trim(), ...optionRequest(options, zone) }),
    onSuccess: () => {
      announce(t("scheduled.saved"));
      onClose();
    },
  });

  function complaint(...names: OptionFlaw[]): string | undefined {
    const name = tried ? names.find((one) => flaws.includes(one)) : undefined;
    return name && t(`compose.flaw.${name}`);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (noWhom) document.getElementById(noWhom === "no_group" ? "compose-group" : "compose-branch")?.focus();
    else if (noText) document.getElementById("planned-text")?.focus();
    if (!flawed && !save.isPending) save.mutate();
  }

  const change = (what: Partial<typeof options>) => setOptions((old) => ({ ...old, ...what }));
  return (
    <form className={dialogs.form} onSubmit={submit} noValidate>
      <p className={dialogs.lead}>{t("scheduled.editLead")}</p>
      <Whom
        value={target}
        onChange={(what) => setTarget((old) => ({ ...old, ...what }))}
        error={tried && noWhom ? t(`compose.flaw.${noWhom}`) : undefined}
      />
      <WhenField value={options} change={change} complaint={complaint} />
      <SeverityPicker offered={severities} value={severity} onChange={setSeverity} />
      <TextInput label={t("compose.heading")} value={title} autoComplete="off"
        error={length(title) > TITLE_CHARS && t("compose.flaw.title_long")} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Textarea id="planned-text" label={t("compose.text")} autosize minRows={3} maxRows={10} value={text}
        error={noText ? t("compose.flaw.no_text") : length(text) > TEXT_CHARS && t("compose.flaw.text_long")}
        onChange={(event) => setText(event.currentTarget.value)} />
      <ExpiryField value={options} change={change} complaint={complaint} />
      <RepliesField value={options} change={change} />
      <Switch label={t("options.drill")} checked={options.drill} onChange={(event) => change({ drill: event.currentTarget.checked })} />
      {save.isError && <Failure title={t("scheduled.notSaved")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-planned">
          {t("scheduled.save")}
        </Button>
      </div>
    </form>
  );
}
