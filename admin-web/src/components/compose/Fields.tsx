// The fields of a draft, each with what is wrong with it.
import { Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLimits } from "../../api/limits";
import { length, TEXT_CHARS, TITLE_CHARS, type Draft, type Flaw } from "../../lib/draft";
import { PhraseBar } from "../phrases/PhraseBar";
import { SeverityPicker } from "../Severity";
import { Whom } from "./Whom";
import classes from "./Compose.module.css";

interface Props {
  value: Draft;
  change: (what: Partial<Omit<Draft, "key">>) => void;
  complaint: (...names: Flaw[]) => string | undefined;
}

export function Fields({ value, change, complaint }: Props) {
  const { t } = useTranslation();
  const { severities } = useLimits();
  return (
    <>
      <Whom value={value} onChange={change} error={complaint("no_group", "no_branch")} />
      <SeverityPicker offered={severities} value={value.severity} onChange={(severity) => change({ severity })} />
      <TextInput
        id="compose-title"
        label={<Counted label={t("compose.heading")} hint={t("optional")} used={length(value.title)} of={TITLE_CHARS} />}
        placeholder={t("compose.headingExample")}
        value={value.title}
        error={complaint("title_long")}
        autoComplete="off"
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <PhraseBar text={value.text} onText={(text) => change({ text })} field="compose-text" />
      <Textarea
        id="compose-text"
        label={<Counted label={t("compose.text")} used={length(value.text)} of={TEXT_CHARS} always />}
        placeholder={t("compose.textExample")}
        autosize
        minRows={4}
        maxRows={14}
        value={value.text}
        error={complaint("no_text", "text_long")}
        onChange={(event) => change({ text: event.currentTarget.value })}
      />
    </>
  );
}

function Counted({ label, hint, used, of, always = false }: { label: string; hint?: string; used: number; of: number; always?: boolean }) {
  const { i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <span className={classes.counted}>
      <span>
        {label} {hint && <span className={classes.hint}>({hint})</span>}
      </span>
      {(always || used > of * 0.75) && (
        <span className={`${classes.hint} figures`} data-over={used > of || undefined} aria-hidden>
          {figures.format(used)} / {figures.format(of)}
        </span>
      )}
    </span>
  );
}
