// Sending on one screen: whom, how severe, the words, and a button that says what it will do.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../api/client";
import { useLimits } from "../../api/limits";
import { queryClient } from "../../api/queries";
import { announce } from "../../lib/announce";
import { asksTwice, draft, edit, emptyDraft, flaws, toRequest, within, type Draft, type Flaw } from "../../lib/draft";
import { useStore } from "../../lib/store";
import { IconSend } from "../icons";
import { onDemand } from "../onDemand";
import { Section } from "../Section";
import { Fields } from "./Fields";
import { OptionsArea } from "./OptionsArea";
import { SendState } from "./SendState";
import { useReach } from "./reach";
import classes from "./Compose.module.css";

const ConfirmSend = onDemand(() => import("./ConfirmSend").then(({ ConfirmSend: dialog }) => dialog));

/** Where each flaw is mended. */
const FIELDS: Record<Flaw, string> = {
  no_group: "compose-group",
  no_branch: "compose-branch",
  title_long: "compose-title",
  no_text: "compose-text",
  text_long: "compose-text",
  no_time: "compose-at",
  past: "compose-at",
  too_far: "compose-at",
  until_early: "compose-until",
  expiry: "compose-hours",
};

export function Compose() {
  const { t } = useTranslation();
  const value = useStore(draft);
  const limits = useLimits();
  // Nobody chose what may not be chosen: a fresh draft begins with it.
  useEffect(() => draft.set((old) => within(old, limits)), [limits, value]);
  const reach = useReach(value);
  const { later } = value.options;
  const [opened, setOpened] = useState(false);
  // Whom it reaches is seen when it is sent.
  const nothingAllowed = limits.groups?.length === 0 || limits.severities?.length === 0;
  const nobody = nothingAllowed || (reach.nobody && !later);
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const found = flaws(value);
  const send = useSend(() => setTried(false));
  const sending = send.isPending;

  function change(what: Partial<Omit<Draft, "key">>): void {
    draft.set((old) => edit(old, what));
    if (!sending && !send.isIdle) send.reset();
  }

  /** Looks at the draft first; then asks or sends. */
  function proceed(ask: boolean): void {
    setTried(true);
    if (sending || nobody) return;
    const [first] = found;
    if (first) {
      // What is folded away must be unfolded before it can have the focus.
      if (!document.getElementById(FIELDS[first])) flushSync(() => setOpened(true));
      document.getElementById(FIELDS[first])?.focus();
      announce(t(`compose.flaw.${first}`), "assertive");
    } else if (ask) setAsking(true);
    else send.mutate(value);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    proceed(asksTwice(value));
  }

  function keys(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    proceed(true);
  }

  /** The first of these flaws in words, once somebody has tried to send. */
  function complaint(...names: Flaw[]): string | undefined {
    const name = tried ? names.find((one) => found.includes(one)) : undefined;
    return name && t(`compose.flaw.${name}`);
  }

  return (
    <Section title={t("compose.title")}>
      <form className={classes.form} onSubmit={submit} onKeyDown={keys} noValidate aria-busy={sending}>
        <fieldset className={classes.fields} disabled={sending}>
          <Fields value={value} change={change} complaint={complaint} />
          <OptionsArea
            value={value.options}
            change={(what) => change({ options: { ...value.options, ...what } })}
            complaint={complaint}
            opened={opened}
            onToggle={() => setOpened(!opened)}
          />
        </fieldset>
        <div className={classes.foot}>
          <p className={`${classes.reach} figures`}>{reach.words}</p>
          <Button
            type="submit"
            size="md"
            color={value.severity === "critical" ? "red" : "petrol"}
            leftSection={<IconSend size={18} />}
            loading={sending}
            disabled={nobody}
            data-testid="send"
            title={t("compose.ctrlEnter")}
          >
            <span className="figures">{later ? t("options.plan") : reach.button}</span>
          </Button>
        </div>
        <SendState send={send} />
      </form>
      <ConfirmSend
        draft={value}
        reach={reach}
        opened={asking}
        onClose={() => setAsking(false)}
        onSend={() => { setAsking(false); send.mutate(value); }}
      />
    </Section>
  );
}

/** Never optimistic: the words change only when the hub has answered. */
function useSend(onAccepted: () => void) {
  const { t } = useTranslation();
  const send = useMutation({
    mutationFn: async (wanted: Draft) => {
      const accepted = await unwrap(
        api.POST("/api/alerts", { body: toRequest(wanted), params: { header: { "Idempotency-Key": wanted.key } } }),
      );
      return { ...accepted, at: new Date().toISOString() };
    },
    onSuccess: (accepted) => {
      draft.set(emptyDraft());
      onAccepted();
      announce(accepted.scheduled_for ? t("options.saidPlanned") : t("compose.saidAccepted", { count: accepted.recipients }));
      void queryClient.invalidateQueries({ queryKey: [accepted.scheduled_for ? "scheduled" : "alerts"] });
    },
  });
  useEffect(() => {
    if (send.isError) announce(t("compose.saidFailed"), "assertive");
  }, [send.isError, t]);
  return send;
}

export type Send = ReturnType<typeof useSend>;
