// Who may log in: for the administrator alone. Anybody else is told why there is nothing here.
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { removeUser, usersQuery } from "../api/users";
import type { User } from "../api/types";
import { ConfirmDelete } from "../components/ConfirmDelete";
import { IconDots, IconFilter, IconKey, IconLock, IconTrash, IconUserCog, IconUserPlus, IconUsers } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { SearchField } from "../components/SearchField";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { PasswordDialog } from "../components/users/PasswordDialog";
import { LimitsDialog } from "../components/users/LimitsDialog";
import { RoleDialog } from "../components/users/RoleDialog";
import { UserDialog } from "../components/users/UserDialog";
import { VirtualRows } from "../components/VirtualRows";
import { When } from "../components/When";
import { fold } from "../lib/board";
import { useAddressSearch } from "../lib/search";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import groups from "../components/groups/Groups.module.css";
import classes from "../components/users/Users.module.css";

export function Users() {
  const { t } = useTranslation();
  useTitle(t("nav.users"));
  const isAdmin = useStore(session)?.role === "admin";
  if (isAdmin) return <Accounts />;
  return (
    <>
      <PageHead title={t("nav.users")} lead={t("users.lead")} />
      <Section title={t("users.title")}>
        <Empty icon={<IconLock size={20} />} title={t("users.forbidden")}>
          {t("users.forbiddenHint")}
        </Empty>
      </Section>
    </>
  );
}

type Act = "password" | "role" | "limits" | "delete";

function Accounts() {
  const { t } = useTranslation();
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<User | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const close = useCallback(() => setAct(null), []);
  const begin = (user: User, what: Act) => {
    setChosen(user);
    setAct(what);
  };
  const name = chosen?.username ?? "";
  return (
    <>
      <PageHead title={t("nav.users")} lead={t("users.lead")}>
        <Button size="sm" leftSection={<IconUserPlus size={16} />} onClick={() => setCreating(true)}>
          {t("users.new")}
        </Button>
      </PageHead>
      <List onAct={begin} onCreate={() => setCreating(true)} />
      <UserDialog opened={creating} onClose={() => setCreating(false)} />
      <PasswordDialog username={name} opened={act === "password"} onClose={close} />
      <RoleDialog username={name} role={chosen?.role ?? "technician"} opened={act === "role"} onClose={close} />
      <LimitsDialog user={chosen} opened={act === "limits"} onClose={close} />
      <ConfirmDelete
        opened={act === "delete"}
        onClose={close}
        title={t("users.deleteTitle", { name })}
        lead={t("users.deleteLead")}
        verb={t("users.delete")}
        failed={t("users.notDeleted")}
        done={t("users.deleted", { name })}
        remove={() => removeUser(name)}
        // The row is gone, and with it the button that the focus would return to.
        onDone={() => document.getElementById("main")?.focus({ preventScroll: true })}
      />
    </>
  );
}

function List({ onAct, onCreate }: { onAct: (user: User, act: Act) => void; onCreate: () => void }) {
  const { t, i18n } = useTranslation();
  const { search = "" } = useSearch({ from: "/users" });
  const navigate = useNavigate({ from: "/users" });
  const { typed, type } = useAddressSearch(search, (words) => void navigate({ search: words ? { search: words } : {}, replace: true }));
  const list = useQuery(usersQuery);
  const order = new Intl.Collator(i18n.language, { numeric: true });
  const wanted = fold(typed.trim());
  const shown = (list.data ?? []).filter((user) => fold(user.username).includes(wanted)).sort((a, b) => order.compare(a.username, b.username));
  const add = (
    <Button variant="default" size="sm" leftSection={<IconUserPlus size={16} />} onClick={onCreate}>
      {t("users.new")}
    </Button>
  );
  return (
    <Section title={t("users.title")} aside={list.data && <span className="figures">{new Intl.NumberFormat(i18n.language).format(list.data.length)}</span>}>
      <div className={groups.tools}>
        <SearchField className={groups.search} label={t("users.search")} value={typed} onChange={type} />
      </div>
      {list.isPending && <SkeletonRows rows={5} height={44} />}
      {list.isError && !list.data && <Failure title={t("users.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <Empty icon={<IconUsers size={20} />} title={t("users.empty")} action={add}>{t("users.emptyHint")}</Empty>}
      {list.data && list.data.length > 0 && shown.length === 0 && <Empty icon={<IconUsers size={20} />} title={t("clients.noMatch", { search: typed.trim() })} />}
      {shown.length > 0 && (
        <VirtualRows
          label={t("users.title")}
          className={groups.list}
          items={shown}
          rowHeight={44}
          keyOf={(user) => user.username}
          render={(user) => <Row user={user} onAct={onAct} />}
        />
      )}
    </Section>
  );
}

function Row({ user, onAct }: { user: User; onAct: (user: User, act: Act) => void }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const begin = (act: Act) => {
    // A dialog gives the focus back to where it was; the item will be gone by then.
    button.current?.focus();
    onAct(user, act);
  };
  return (
    <div className={classes.row} data-testid="user">
      <span className={classes.name} translate="no" title={user.username}>
        {user.username}
      </span>
      <span className={classes.role}>
        {t(`role.${user.role}`)}
        {(user.limits.groups || user.limits.severities) && ` · ${t("limits.some")}`}
      </span>
      <span className={classes.since}>
        {t("users.since")} <When at={user.created_at} relative />
      </span>
      <Menu position="bottom-end" width={220} shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon ref={button} size={32} color="gray" aria-label={t("users.actions", { name: user.username })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => begin("password")}>
            {t("users.password")}
          </Menu.Item>
          <Menu.Item leftSection={<IconUserCog size={16} />} onClick={() => begin("role")}>
            {t("users.role")}
          </Menu.Item>
          {user.role === "technician" && (
            <Menu.Item leftSection={<IconFilter size={16} />} onClick={() => begin("limits")}>
              {t("limits.open")}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item className={classes.delete} leftSection={<IconTrash size={16} />} onClick={() => begin("delete")}>
            {t("users.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
