// One message of a branch, with its answer in place.
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answerMessage, handleMessage } from "../../api/messages";
import type { Message } from "../../api/types";
import { announce } from "../../lib/announce";
import { maySend, session } from "../../lib/session";
import { useStore } from "../../lib/store";
import { toast } from "../../lib/toast";
import { IconCheck, IconSend } from "../icons";
import { Failure } from "../States";
import { When } from "../When";
import classes from "./Inbox.module.css";

export function MessageCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const may = maySend(useStore(session)?.role);
  const [writing, setWriting] = useState(false);
  const isOpen = !message.handled_at;
  const handle = useMutation({
    mutationFn: () => handleMessage(message.id, isOpen),
    onSuccess: () => announce(t(isOpen ? "inbox.handled" : "inbox.reopened", { client: message.client })),
    onError: () => toast({ color: "orange", message: t("inbox.notChanged") }),
  });
  return (
    <li className={classes.card} data-open={isOpen || undefined} data-testid="message">
      <p className={classes.head}>
        <strong translate="no">{message.client}</strong> <When at={message.at} relative />
      </p>
      <p className={classes.text}>{message.text}</p>
      {message.handled_at && (
        <p className={classes.state}>
          <IconCheck size={16} /> {t(message.answer ? "inbox.answeredBy" : "inbox.handledBy", { user: message.handled_by })} <When at={message.handled_at} relative />
          {message.answer && (
            <Link to="/alerts/$id" params={{ id: message.answer }} className={classes.link}>
              {t("inbox.answer")}
            </Link>
          )}
        </p>
      )}
      {may && !writing && (
        <div className={classes.actions}>
          <Button variant="default" size="compact-sm" leftSection={<IconSend size={16} />} onClick={() => setWriting(true)}>
            {t("inbox.reply")}
          </Button>
          <Button variant="subtle" size="compact-sm" loading={handle.isPending} onClick={() => handle.mutate()}>
            {t(isOpen ? "inbox.handle" : "inbox.reopen")}
          </Button>
        </div>
      )}
      {writing && <Reply message={message} onClose={() => setWriting(false)} />}
    </li>
  );
}

function Reply({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () => answerMessage(message.id, text.trim()),
    onSuccess: () => {
      announce(t("inbox.answered", { client: message.client }));
      onClose();
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim() !== "") send.mutate();
  }
  return (
    <form className={classes.reply} onSubmit={submit} aria-busy={send.isPending}>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4_000}
        label={t("inbox.replyTo", { client: message.client })}
        description={t("inbox.replyHint")}
        value={text}
        disabled={send.isPending}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {send.isError && <Failure title={t("inbox.notSent")} error={send.error} />}
      <div className={classes.actions}>
        <Button size="sm" type="submit" loading={send.isPending} disabled={text.trim() === ""} data-testid="send-reply">
          {t("inbox.send")}
        </Button>
        <Button size="sm" variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
