// An event by hand: who, how severe, what. It goes the way of every event, to screens and mailboxes too.
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createEvent } from "../../api/events";
import type { Severity } from "../../api/types";
import { length } from "../../lib/draft";
import { toast } from "../../lib/toast";
import dialogs from "../Dialogs.module.css";
import { IconSend } from "../icons";
import { Section } from "../Section";
import { SeverityBadge, SeverityPicker } from "../Severity";
import { Failure } from "../States";
import classes from "./Dashboard.module.css";

const SOURCE_CHARS = 80;
const MESSAGE_CHARS = 300;

export function CreateTab() {
  const { t } = useTranslation();
  const [source, setSource] = useState("");
  const [severity, setSeverity] = useState<Severity>("info");
  const [message, setMessage] = useState("");
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const used = length(message);
  const words = message.trim();
  const flaw = words === "" ? t("dashboard.create.noMessage") : used > MESSAGE_CHARS ? t("dashboard.create.tooLong") : undefined;
  const sending = useMutation({
    mutationFn: () => createEvent({ source: source.trim() || null, severity, message: words }),
    onSuccess: (answer) => {
      setAsking(false);
      setMessage("");
      setTried(false);
      toast({ message: t("dashboard.create.done", { id: "event_id" in answer ? answer.event_id : "" }) });
    },
    onError: () => setAsking(false),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (flaw || length(source) > SOURCE_CHARS) return;
    if (severity === "critical") setAsking(true);
    else sending.mutate();
  };
  return (
    <Section title={t("dashboard.tab.create")} className={classes.narrow}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          id="event-source"
          label={t("dashboard.create.source")}
          description={t("dashboard.create.sourceHint")}
          value={source}
          maxLength={SOURCE_CHARS}
          autoComplete="off"
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <SeverityPicker value={severity} onChange={setSeverity} />
        <Textarea
          id="event-message"
          label={
            <span className={classes.counted}>
              {t("dashboard.create.message")}
              <span className="figures" data-over={used > MESSAGE_CHARS || undefined} data-testid="event-counter">
                {used} / {MESSAGE_CHARS}
              </span>
            </span>
          }
          autosize
          minRows={3}
          maxRows={8}
          value={message}
          error={tried || used > MESSAGE_CHARS ? flaw : undefined}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        {sending.isError && <Failure title={t("dashboard.create.failed")} error={sending.error} />}
        <p className={classes.hint}>{t(`dashboard.create.what.${severity}`)}</p>
        <div>
          <Button type="submit" leftSection={<IconSend size={16} />} loading={sending.isPending && !asking}>
            {t("dashboard.create.send")}
          </Button>
        </div>
      </form>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("dashboard.create.sure")} closeButtonProps={{ "aria-label": t("close") }}>
        <div className={dialogs.form}>
          <p>{t("dashboard.create.what.critical")}</p>
          <p className={classes.quote}>
            <SeverityBadge severity="critical" /> {words}
          </p>
          <div className={dialogs.buttons}>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t("cancel")}
            </Button>
            <Button color="red" loading={sending.isPending} onClick={() => sending.mutate()}>
              {t("dashboard.create.send")}
            </Button>
          </div>
        </div>
      </Modal>
    </Section>
  );
}
