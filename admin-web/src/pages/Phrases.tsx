// The quick texts: written, put in order, saved as a whole. The hub drops what is empty or said twice.
import { ActionIcon, Button, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { phrasesQuery, savePhrases } from "../api/phrases";
import { queryClient } from "../api/queries";
import { IconArrowDown, IconArrowUp, IconMessages, IconPlus, IconTrash } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { announce } from "../lib/announce";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import { toast } from "../lib/toast";
import classes from "../components/phrases/Phrases.module.css";

const TEXT_CHARS = 4_000;

export function Phrases() {
  const { t } = useTranslation();
  useTitle(t("nav.phrases"));
  const list = useQuery(phrasesQuery);
  return (
    <>
      <PageHead title={t("nav.phrases")} lead={t("phrases.lead")} />
      <Section title={t("phrases.title")}>
        {list.isPending && <SkeletonRows rows={4} height={44} />}
        {list.isError && !list.data && <Failure title={t("phrases.failed")} error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && <Editor key={list.data.join("\u0000")} phrases={list.data} />}
      </Section>
    </>
  );
}

function Editor({ phrases }: { phrases: string[] }) {
  const { t } = useTranslation();
  const may = maySend(useStore(session)?.role);
  const [texts, setTexts] = useState(phrases);
  const save = useSave(phrases);
  const changed = texts.join("\u0000") !== phrases.join("\u0000");
  const set = (index: number, text: string) => setTexts(texts.map((old, place) => (place === index ? text : old)));
  const move = (index: number, by: number) => {
    const next = [...texts];
    const [taken] = next.splice(index, 1);
    if (taken === undefined) return;
    next.splice(index + by, 0, taken);
    setTexts(next);
    announce(t("phrases.moved", { place: index + by + 1 }));
    requestAnimationFrame(() => document.getElementById(`phrase-${index + by}`)?.focus());
  };
  const add = () => {
    setTexts([...texts, ""]);
    requestAnimationFrame(() => document.getElementById(`phrase-${texts.length}`)?.focus());
  };
  return (
    <>
      <p className={classes.hint}>{t("phrases.hint")}</p>
      {texts.length === 0 && (
        <Empty icon={<IconMessages size={20} />} title={t("phrases.empty")}>
          {t("phrases.emptyHint")}
        </Empty>
      )}
      <ol className={classes.list}>
        {texts.map((text, index) => (
          // The place is what a row is: two texts may be the same while they are written.
          <li key={index} className={classes.row}>
            <Textarea
              id={`phrase-${index}`}
              aria-label={t("phrases.one", { place: index + 1 })}
              autosize
              minRows={1}
              maxRows={6}
              maxLength={TEXT_CHARS}
              readOnly={!may}
              value={text}
              onChange={(event) => set(index, event.currentTarget.value)}
            />
            {may && (
              <span className={classes.moves}>
                <ActionIcon size={36} variant="default" disabled={index === 0} aria-label={t("phrases.up", { place: index + 1 })} onClick={() => move(index, -1)}>
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon size={36} variant="default" disabled={index === texts.length - 1} aria-label={t("phrases.down", { place: index + 1 })} onClick={() => move(index, 1)}>
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon size={36} variant="default" aria-label={t("phrases.remove", { place: index + 1 })} onClick={() => setTexts(texts.filter((_, place) => place !== index))}>
                  <IconTrash size={16} />
                </ActionIcon>
              </span>
            )}
          </li>
        ))}
      </ol>
      {may && (
        <div className={classes.foot}>
          <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={add}>
            {t("phrases.add")}
          </Button>
          <Button size="sm" disabled={!changed} loading={save.isPending} onClick={() => save.mutate(texts)} data-testid="save-phrases">
            {t("phrases.save")}
          </Button>
        </div>
      )}
      {save.isError && <Failure title={t("phrases.notSaved")} error={save.error} />}
    </>
  );
}

/** Shown at once as it will be; taken back when the hub does not keep it. */
function useSave(before: string[]) {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: savePhrases,
    onSuccess: (kept) => announce(t("phrases.saved", { count: kept.length })),
    onError: () => {
      queryClient.setQueryData(phrasesQuery.queryKey, before);
      toast({ color: "orange", message: t("phrases.notSaved") });
    },
  });
}
