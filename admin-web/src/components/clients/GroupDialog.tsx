// Adds a selection of clients to a group that exists, or to a new one.
import { Autocomplete, Button, Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { actOn, type Chosen } from "../../api/clients";
import { groupsQuery } from "../../api/groups";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  chosen: Chosen;
  count: number;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function GroupDialog({ opened, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={props.onClose} title={t("directory.act.groupTitle", { count: props.count })} closeButtonProps={{ "aria-label": t("close") }}>
      <GroupForm {...props} />
    </Modal>
  );
}

function GroupForm({ chosen, count, onClose, onDone }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [search] = useDebouncedValue(name.trim(), 200);
  const groups = useInfiniteQuery(groupsQuery(search)).data?.pages[0]?.groups ?? [];
  const group = name.trim();
  const add = useMutation({
    mutationFn: () => actOn({ kind: "add_to_group", group }, chosen, count),
    onSuccess: ({ changed }) => {
      announce(t("directory.act.groupDone", { count: changed, group }));
      onClose();
      onDone();
    },
  });
  const faulty = fieldErrors(add.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (group) add.mutate();
  }

  return (
    <form className={dialogs.form} onSubmit={submit}>
      <Autocomplete
        data-autofocus
        label={t("directory.act.groupName")}
        description={t("directory.act.groupHint")}
        value={name}
        onChange={setName}
        data={groups.map((one) => one.name)}
        // The hub has searched already.
        filter={({ options }) => options}
        maxLength={64}
        autoComplete="off"
        error={faulty[0]?.reason}
        comboboxProps={{ shadow: "md" }}
      />
      {add.isError && faulty.length === 0 && <Failure title={t("directory.act.failed")} error={add.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" disabled={!group} loading={add.isPending}>
          {t("directory.act.groupDo")}
        </Button>
      </div>
    </form>
  );
}
