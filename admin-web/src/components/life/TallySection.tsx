// What the branches have answered, as it comes in: a line an answer, the names on demand.
import { UnstyledButton } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AlertDetail } from "../../api/types";
import { tally } from "../../lib/tally";
import { IconChevronDown } from "../icons";
import { Section } from "../Section";
import classes from "./Life.module.css";

/** So many names at once; whoever wants all has the board. */
const NAMES = 200;

export function TallySection({ alert }: { alert: AlertDetail }) {
  const { t } = useTranslation();
  const { answers, silent } = useMemo(() => tally(alert.replies, alert.deliveries), [alert.replies, alert.deliveries]);
  if (answers.length === 0 && !alert.free_reply) return null;
  const all = Math.max(1, alert.deliveries.length);
  return (
    <Section title={t("life.answers")} className={classes.section}>
      <ul className={classes.answers} data-testid="tally">
        {answers.map(({ words, offered, clients }) => (
          <Line key={words} words={words} written={!offered} clients={clients} share={clients.length / all} />
        ))}
        <Line words={t("life.silent")} quiet clients={silent} share={silent.length / all} />
      </ul>
    </Section>
  );
}

interface LineProps {
  words: string;
  clients: readonly string[];
  share: number;
  written?: boolean;
  quiet?: boolean;
}

function Line({ words, clients, share, written = false, quiet = false }: LineProps) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const figure = new Intl.NumberFormat(i18n.language).format(clients.length);
  return (
    <li className={classes.answer} data-testid="answer">
      <UnstyledButton
        className={classes.answerHead}
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        disabled={clients.length === 0}
        onClick={() => setOpened(!opened)}
      >
        <IconChevronDown size={16} className={classes.arrow} data-open={opened || undefined} />
        <span className={classes.answerWords} data-quiet={quiet || undefined}>
          {written ? `«${words}»` : words}
        </span>
        <span className={`${classes.answerCount} figures`}>{figure}</span>
        <meter className={classes.bar} value={share} aria-hidden />
      </UnstyledButton>
      {opened && (
        <p id={id} className={classes.names} translate="no">
          {clients.slice(0, NAMES).join(", ")}
          {clients.length > NAMES && ` ${t("life.more", { count: clients.length - NAMES })}`}
        </p>
      )}
    </li>
  );
}
