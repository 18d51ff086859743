// One group: who of it is connected, who is not, and who is not enrolled yet; live.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { groupQuery, removeGroup } from "../api/groups";
import { queryClient } from "../api/queries";
import type { Group as Detail } from "../api/types";
import { ConfirmDelete } from "../components/ConfirmDelete";
import { GroupEditor } from "../components/groups/GroupEditor";
import { Members } from "../components/groups/Members";
import { IconArrowLeft, IconPencil, IconSend, IconTrash, IconUsersGroup } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { draft, edit } from "../lib/draft";
import { isMissing } from "../lib/fields";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "./Alert.module.css";

export function Group() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/groups/$name" });
  const group = useQuery(groupQuery(name));
  useTitle(group.data?.name ?? name);
  const gone = isMissing(group.error);
  return (
    <>
      <Link to="/groups" className={classes.back}>
        <IconArrowLeft size={16} />
        {t("nav.groups")}
      </Link>
      {group.isPending && <SkeletonRows rows={8} height={44} />}
      {gone && <Empty icon={<IconUsersGroup size={20} />} title={t("groups.gone", { name })}>{t("groups.goneHint")}</Empty>}
      {group.isError && !gone && !group.data && <Failure title={t("groups.oneFailed")} error={group.error} onRetry={() => void group.refetch()} />}
      {group.data && !gone && <Loaded key={name} group={group.data} address={name} />}
    </>
  );
}

function Loaded({ group, address }: { group: Detail; address: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const role = useStore(session)?.role;
  const [opened, setOpened] = useState<"editor" | "delete" | null>(null);
  const close = useCallback(() => setOpened(null), []);
  const forget = () => queryClient.removeQueries({ queryKey: groupQuery(address).queryKey });

  function write(): void {
    draft.set((old) => edit(old, { whom: "group", group: group.name }));
    void navigate({ to: "/" }).then(() => requestAnimationFrame(() => document.getElementById("compose-text")?.focus()));
  }

  function saved({ name }: Detail): void {
    close();
    if (name !== address) void navigate({ to: "/groups/$name", params: { name }, replace: true }).then(forget);
  }

  return (
    <>
      <PageHead title={group.name} lead={useLead(group)}>
        {maySend(role) && (
          <Button variant={role === "admin" ? "default" : "filled"} size="sm" leftSection={<IconSend size={16} />} onClick={write}>
            {t("groups.write")}
          </Button>
        )}
        {role === "admin" && (
          <>
            <Button variant="outline" color="red" size="sm" leftSection={<IconTrash size={16} />} onClick={() => setOpened("delete")}>
              {t("groups.deleteOpen")}
            </Button>
            <Button size="sm" leftSection={<IconPencil size={16} />} onClick={() => setOpened("editor")}>
              {t("groups.edit")}
            </Button>
          </>
        )}
      </PageHead>
      <Members group={group} />
      <GroupEditor group={group} opened={opened === "editor"} onClose={close} onSaved={saved} />
      <ConfirmDelete
        opened={opened === "delete"}
        onClose={close}
        title={t("groups.deleteTitle", { name: group.name })}
        lead={t("groups.deleteLead")}
        verb={t("groups.delete")}
        failed={t("groups.notDeleted")}
        done={t("groups.deleted", { name: group.name })}
        remove={() => removeGroup(address)}
        onDone={() => void navigate({ to: "/groups", replace: true }).then(forget)}
      />
    </>
  );
}

function useLead({ connected, disconnected, unknown }: Detail): string {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  const enrolled = connected.length + disconnected.length;
  const online = t("compose.onlineNow", { count: connected.length, online: figures.format(connected.length), all: figures.format(enrolled) });
  return unknown.length === 0 ? online : `${online} · ${t("groups.missing", { count: unknown.length })}`;
}
