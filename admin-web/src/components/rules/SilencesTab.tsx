// Silences and weekly windows: those that hold first. Technicians make and end them, too.
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { endSilence, silencesQuery } from "../../api/rules";
import type { SilenceRow } from "../../api/types";
import { announce } from "../../lib/announce";
import { Words } from "../../lib/rules";
import { maySend, session } from "../../lib/session";
import { useStore } from "../../lib/store";
import { toast } from "../../lib/toast";
import { IconPlus, IconBell } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { SilenceForm } from "./SilenceForm";
import classes from "./Rules.module.css";

export function SilencesTab() {
  const { t } = useTranslation();
  const may = maySend(useStore(session)?.role);
  const list = useQuery(silencesQuery);
  const [opened, setOpened] = useState(false);
  const add = may && (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)} data-testid="new-silence">
      {t("rules.silences.add")}
    </Button>
  );
  return (
    <Section title={t("rules.silences.title")} aside={add}>
      {list.isPending && <SkeletonRows rows={4} height={56} />}
      {list.isError && !list.data && <Failure title={t("rules.silences.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.silences.length === 0 && (
        <Empty icon={<IconBell size={20} />} title={t("rules.silences.empty")}>
          {t("rules.silences.emptyHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {(list.data?.silences ?? []).map((silence) => (
          <Row key={silence.id} silence={silence} may={may} />
        ))}
      </ul>
      <SilenceForm opened={opened} onClose={() => setOpened(false)} />
    </Section>
  );
}

/** As Alertmanager writes them. */
function labelTests(silence: SilenceRow): string {
  const sign = (isEqual = true, isRegex = false) => (isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=");
  return (silence.label_tests ?? []).map((test) => `${test.name}${sign(test.is_equal, test.is_regex)}"${test.value}"`).join(" ");
}

function Row({ silence, may }: { silence: SilenceRow; may: boolean }) {
  const { t, i18n } = useTranslation();
  const words = new Words(t, i18n.language);
  const end = useMutation({
    mutationFn: () => endSilence(silence.id),
    onSuccess: () => announce(t("rules.silences.ended")),
    onError: () => toast({ color: "orange", message: t("rules.notSaved") }),
  });
  const state = silence.over ? "over" : silence.active ? "active" : "later";
  const days = new Intl.ListFormat(i18n.language).format((silence.weekly?.days ?? []).map((day) => t(`rules.days.${day}`)));
  return (
    <li className={classes.row} data-testid="silence" data-off={silence.over || undefined}>
      <div className={classes.words}>
        <p className={classes.name}>
          {silence.reason}
          <span className={classes.mark} data-warn={silence.active || undefined}>
            {t(`rules.silences.${state}`)}
          </span>
          {silence.critical && <span className={classes.mark}>{t("rules.silences.criticalMark")}</span>}
        </p>
        <p className={classes.line}>
          {words.match(silence.match)}
          {(silence.label_tests ?? []).length > 0 && <code translate="no"> {labelTests(silence)}</code>}
        </p>
        <p className={`${classes.soft} figures`}>
          {silence.weekly &&
            t("rules.silences.weekly", { days, from: silence.weekly.from, to: silence.weekly.to, zone: silence.weekly.time_zone })}
          {silence.weekly && silence.ends_at && " · "}
          {silence.ends_at && (
            <>
              {t("rules.silences.until")} <When at={silence.ended_at ?? silence.ends_at} />
            </>
          )}
          {" · "}
          {silence.created_by}
        </p>
      </div>
      {may && !silence.over && (
        <div className={classes.tools}>
          <Button
            variant="default"
            size="sm"
            loading={end.isPending}
            aria-label={t("rules.silences.endNamed", { reason: silence.reason })}
            onClick={() => end.mutate()}
          >
            {t("rules.silences.end")}
          </Button>
        </div>
      )}
    </li>
  );
}
