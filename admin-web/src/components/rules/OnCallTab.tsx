// Who is on call: rotations, whose turn it is, and until when.
import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { onCallQuery, saveOnCall } from "../../api/rules";
import type { OnCall, RotationRow } from "../../api/types";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconPencil, IconPlus, IconTrash, IconUsers } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { RotationForm } from "./RotationForm";
import classes from "./Rules.module.css";

type Opened = { kind: "edit"; name: string | null } | { kind: "delete"; name: string } | null;

export function OnCallTab({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const list = useQuery(onCallQuery);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const rows = list.data?.on_call ?? [];
  const rotations = rows.map(asRotation);
  const version = list.data?.version ?? 0;
  const add = isAdmin && (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => setOpened({ kind: "edit", name: null })} data-testid="new-rotation">
      {t("rules.onCall.add")}
    </Button>
  );
  return (
    <Section title={t("rules.onCall.title")} aside={add}>
      {list.isPending && <SkeletonRows rows={3} height={64} />}
      {list.isError && !list.data && <Failure title={t("rules.onCall.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Empty icon={<IconUsers size={20} />} title={t("rules.onCall.empty")}>
          {t("rules.onCall.emptyHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {rows.map((row) => (
          <li key={row.name} className={classes.row} data-testid="rotation">
            <div className={classes.words}>
              <p className={classes.name}>
                <span translate="no">{row.name}</span>
                {row.now && (
                  <span className={classes.mark} data-on>
                    {t("rules.onCall.now", { name: row.now })}
                  </span>
                )}
              </p>
              <p className={classes.line} translate="no">
                {row.turns.map(({ name }) => name).join(" → ")}
              </p>
              <p className={`${classes.soft} figures`}>
                {row.until && (
                  <>
                    {t("rules.onCall.until")} <When at={row.until} /> ·{" "}
                  </>
                )}
                {row.time_zone}
              </p>
            </div>
            {isAdmin && (
              <div className={classes.tools}>
                <ActionIcon aria-label={t("rules.editNamed", { name: row.name })} onClick={() => setOpened({ kind: "edit", name: row.name })}>
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon color="red" aria-label={t("rules.deleteTitle", { name: row.name })} onClick={() => setOpened({ kind: "delete", name: row.name })}>
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            )}
          </li>
        ))}
      </ul>
      <RotationForm
        key={opened?.kind === "edit" ? (opened.name ?? "new") : "closed"}
        opened={opened?.kind === "edit"}
        name={opened?.kind === "edit" ? opened.name : null}
        rotations={rotations}
        version={version}
        onClose={close}
      />
      {opened?.kind === "delete" && (
        <ConfirmDelete
          opened
          onClose={close}
          title={t("rules.deleteTitle", { name: opened.name })}
          lead={t("rules.deleteLead")}
          verb={t("rules.delete")}
          failed={t("rules.notSaved")}
          done={t("rules.deleted", { name: opened.name })}
          remove={() => saveOnCall(rotations.filter(({ name }) => name !== opened.name), version)}
        />
      )}
    </Section>
  );
}

function asRotation({ name, time_zone, starts_on, hand_over, turns }: RotationRow): OnCall {
  return { name, time_zone, starts_on, hand_over, turns };
}
