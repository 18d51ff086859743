// Quick texts above the message: one click, and the text is in; blanks are asked for first.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { phrasesQuery } from "../../api/phrases";
import { blanksOf, inserted } from "../../lib/phrase";
import { onDemand } from "../onDemand";
import classes from "./Phrases.module.css";

interface Props {
  text: string;
  onText: (text: string) => void;
  /** The field that the text stands in. */
  field: string;
}

const BlanksDialog = onDemand(() => import("./BlanksDialog").then((part) => part.BlanksDialog));

const SHOWN = 12;

export function PhraseBar({ text, onText, field }: Props) {
  const { t } = useTranslation();
  const { data: phrases = [] } = useQuery(phrasesQuery);
  const [asking, setAsking] = useState<string | null>(null);
  const [all, setAll] = useState(false);

  function put(phrase: string): void {
    const box = document.getElementById(field);
    const area = box instanceof HTMLTextAreaElement ? box : null;
    const next = inserted(text, phrase, area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length);
    onText(next.text);
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(next.cursor, next.cursor);
    });
  }

  const shown = all ? phrases : phrases.slice(0, SHOWN);
  return (
    <div className={classes.bar} role="group" aria-label={t("phrases.label")}>
      {shown.map((phrase) => (
        <Button
          key={phrase}
          classNames={{ root: classes.chip ?? "", label: classes.words ?? "" }}
          variant="default"
          size="compact-sm"
          title={phrase}
          data-testid="phrase"
          onClick={() => (blanksOf(phrase).length > 0 ? setAsking(phrase) : put(phrase))}
        >
          {phrase}
        </Button>
      ))}
      {phrases.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("phrases.fewer") : t("phrases.more", { count: phrases.length - SHOWN })}
        </Button>
      )}
      <Link to="/phrases" className={classes.edit}>
        {t(phrases.length === 0 ? "phrases.make" : "phrases.edit")}
      </Link>
      <BlanksDialog phrase={asking} opened={asking !== null} onClose={() => setAsking(null)} onDone={(words) => { setAsking(null); put(words); }} />
    </div>
  );
}
