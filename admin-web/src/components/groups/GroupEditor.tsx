// Makes a group or changes one: its name and its members. What the hub refuses stands beside the field.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { saveGroup } from "../../api/groups";
import type { Group } from "../../api/types";
import { announce } from "../../lib/announce";
import { length } from "../../lib/draft";
import { fieldErrors, isTaken } from "../../lib/fields";
import { GROUP_MEMBERS, groupFaults, membersOf, merge, NAME_CHARS, parseMembers, tidy } from "../../lib/group";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";
import { MembersField } from "./MembersField";

interface Props {
  /** The group to change; null makes a new one. */
  group: Group | null;
  opened: boolean;
  onClose: () => void;
  onSaved: (group: Group) => void;
}

export function GroupEditor({ group, opened, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={group ? t("groups.editTitle", { name: group.name }) : t("groups.newTitle")}
      size="lg"
      // A slip of the pointer must not throw away a pasted list.
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <EditorForm group={group} onClose={onClose} onSaved={onSaved} />
    </Modal>
  );
}

type FormProps = Omit<Props, "opened">;

function EditorForm({ group, onClose, onSaved }: FormProps) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useState(group?.name ?? "");
  const [members, setMembers] = useState(() => (group ? membersOf(group, i18n.language) : []));
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: (wanted: { name: string; members: string[] }) => saveGroup(group?.name ?? null, wanted),
    onSuccess: (saved) => {
      announce(t("groups.saved", { name: saved.name }));
      onSaved(saved);
    },
    onError: () => announce(t("groups.notSaved"), "assertive"),
  });
  const faults = groupFaults(fieldErrors(save.error), save.variables?.members ?? []);
  const flaws = { name: nameFlaw(name), members: membersFlaw(members) };
  const nameError = (tried && flaws.name && t(`groups.flaw.${flaws.name}`)) || (isTaken(save.error) && t("groups.flaw.taken")) || faults.name;
  const membersError = (tried && flaws.members && t(`groups.flaw.${flaws.members}`)) || faults.members
    || (faults.each.size > 0 && t("groups.flaw.members", { count: faults.each.size })) || null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    // What is typed and not added yet is meant, too.
    const all = merge(members, parseMembers(typed));
    setMembers(all);
    setTyped("");
    if (nameFlaw(name)) document.getElementById("group-name")?.focus();
    else if (membersFlaw(all)) document.getElementById("group-members")?.focus();
    else if (!save.isPending) save.mutate({ name: tidy(name), members: all });
  }

  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <TextInput
        data-autofocus
        id="group-name"
        label={t("groups.name")}
        placeholder={t("groups.nameExample")}
        value={name}
        error={nameError}
        autoComplete="off"
        onChange={(event) => {
          setName(event.currentTarget.value);
          if (isTaken(save.error)) save.reset();
        }}
      />
      <MembersField members={members} onChange={setMembers} typed={typed} onType={setTyped} error={membersError} faults={faults.each} />
      {save.isError && !isTaken(save.error) && fieldErrors(save.error).length === 0 && <Failure title={t("groups.notSaved")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-group">
          {group ? t("groups.save") : t("groups.create")}
        </Button>
      </div>
    </form>
  );
}

function nameFlaw(name: string): "no_name" | "name_long" | null {
  if (tidy(name) === "") return "no_name";
  return length(tidy(name)) > NAME_CHARS ? "name_long" : null;
}

function membersFlaw(members: readonly string[]): "no_members" | "many" | null {
  if (members.length === 0) return "no_members";
  return members.length > GROUP_MEMBERS ? "many" : null;
}
