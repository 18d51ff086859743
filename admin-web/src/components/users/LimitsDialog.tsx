// What a technician is limited to: some groups, some severities, or nothing.
import { Button, Checkbox, Modal, MultiSelect, Switch } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../../api/groups";
import { changeUser } from "../../api/users";
import type { Severity, User } from "../../api/types";
import { announce } from "../../lib/announce";
import { SEVERITIES } from "../../lib/severity";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  user: User | null;
  opened: boolean;
  onClose: () => void;
}

export function LimitsDialog({ user, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("limits.title", { name: user?.username ?? "" })} closeButtonProps={{ "aria-label": t("close") }}>
      {user && <LimitsForm key={user.username} user={user} onClose={onClose} />}
    </Modal>
  );
}

function LimitsForm({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const [groups, setGroups] = useState(user.limits.groups ?? null);
  const [severities, setSeverities] = useState<Severity[] | null>(user.limits.severities ?? null);
  const [search, setSearch] = useState("");
  const known = useInfiniteQuery(groupsQuery(search));
  const names = known.data?.pages.flatMap((page) => page.groups.map(({ name }) => name)) ?? [];
  const change = useMutation({
    mutationFn: () => changeUser(user.username, { limits: { groups, severities } }),
    onSuccess: () => {
      announce(t("limits.saved", { name: user.username }));
      onClose();
    },
    onError: () => announce(t("users.notChanged"), "assertive"),
  });
  return (
    <div className={dialogs.form} aria-busy={change.isPending}>
      <p className={dialogs.lead}>{t("limits.lead")}</p>
      <Switch label={t("limits.byGroup")} checked={groups !== null} onChange={(event) => setGroups(event.currentTarget.checked ? [] : null)} />
      {groups !== null && (
        <MultiSelect
          label={t("limits.groups")}
          description={t("limits.groupsHint")}
          searchable
          searchValue={search}
          onSearchChange={setSearch}
          data={[...new Set([...groups, ...names])]}
          value={groups}
          onChange={setGroups}
          nothingFoundMessage={t("compose.noGroup")}
          error={groups.length === 0 && t("limits.noGroup")}
          comboboxProps={{ shadow: "md" }}
        />
      )}
      <Switch label={t("limits.bySeverity")} checked={severities !== null} onChange={(event) => setSeverities(event.currentTarget.checked ? ["info", "warning"] : null)} />
      {severities !== null && (
        <Checkbox.Group label={t("limits.severities")} error={severities.length === 0 && t("limits.noSeverity")} value={severities} onChange={(words) => setSeverities(SEVERITIES.filter((known) => words.includes(known)))}>
          {SEVERITIES.map((severity) => (
            <Checkbox key={severity} mt="xs" value={severity} label={t(`severity.${severity}`)} />
          ))}
        </Checkbox.Group>
      )}
      {change.isError && <Failure title={t("users.notChanged")} error={change.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button loading={change.isPending} onClick={() => change.mutate()} data-testid="save-limits">
          {t("limits.save")}
        </Button>
      </div>
    </div>
  );
}
