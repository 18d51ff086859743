// Fills the blanks of a quick text before it enters the message.
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { blanksOf, filled } from "../../lib/phrase";
import dialogs from "../Dialogs.module.css";

interface Props {
  phrase: string | null;
  opened: boolean;
  onClose: () => void;
  onDone: (text: string) => void;
}

export function BlanksDialog({ phrase, opened, onClose, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("phrases.fill")} closeButtonProps={{ "aria-label": t("close") }}>
      {phrase !== null && <Blanks key={phrase} phrase={phrase} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function Blanks({ phrase, onClose, onDone }: { phrase: string; onClose: () => void; onDone: (text: string) => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState<Record<string, string>>({});
  const known = (name: string) => (name === "branch" || name === "phone" ? t(`phrases.blank.${name}`) : name);
  function submit(event: FormEvent): void {
    event.preventDefault();
    // A dialog within the form of the message must not send it.
    event.stopPropagation();
    onDone(filled(phrase, words));
  }
  return (
    <form className={dialogs.form} onSubmit={submit} noValidate>
      {blanksOf(phrase).map((name, index) => (
        <TextInput
          key={name}
          label={known(name)}
          autoComplete="off"
          data-autofocus={index === 0 || undefined}
          value={words[name] ?? ""}
          onChange={(event) => setWords({ ...words, [name]: event.currentTarget.value })}
        />
      ))}
      <p className={dialogs.previewText}>{filled(phrase, words)}</p>
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" data-testid="fill">
          {t("phrases.put")}
        </Button>
      </div>
    </form>
  );
}
