// The answers that people at the branches can choose from, and whether they may write their own.
import { ActionIcon, Button, Switch, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { MOST_REPLIES, REPLY_CHARS, withReply, type Options } from "../../lib/options";
import { IconPlus, IconX } from "../icons";
import classes from "./Options.module.css";

interface Props {
  value: Options;
  change: (what: Partial<Options>) => void;
}

export function RepliesField({ value, change }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const full = value.replies.length >= MOST_REPLIES;

  function add(): void {
    change({ replies: withReply(value.replies, typed) });
    setTyped("");
  }

  function keys(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    // Adds the answer; it does not send the alert.
    event.preventDefault();
    add();
  }

  return (
    <div className={classes.replies}>
      <div className={classes.row}>
        <TextInput
          className={classes.field}
          label={t("options.replies")}
          description={t(full ? "options.repliesFull" : "options.repliesHint")}
          placeholder={t("options.repliesExample")}
          maxLength={REPLY_CHARS}
          disabled={full}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={keys}
          onBlur={() => typed.trim() && add()}
        />
        <Button className={classes.add} variant="default" leftSection={<IconPlus size={16} />} disabled={full || typed.trim() === ""} onClick={add}>
          {t("options.addReply")}
        </Button>
      </div>
      {value.replies.length > 0 && (
        <ul className={classes.chips} aria-label={t("options.replies")}>
          {value.replies.map((reply) => (
            <li key={reply} className={classes.chip}>
              <span>{reply}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={t("options.removeReply", { reply })}
                onClick={() => change({ replies: value.replies.filter((one) => one !== reply) })}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Switch
        label={t("options.freeReply")}
        checked={value.freeReply}
        onChange={(event) => change({ freeReply: event.currentTarget.checked })}
      />
    </div>
  );
}
