// The accounts: found by name, made, changed, ended. Stands on the page of users and beside the log.
import { ActionIcon, Button, Menu, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { resetTotp } from "../../api/account";
import type { User } from "../../api/types";
import { removeUser, usersQuery } from "../../api/users";
import { fold } from "../../lib/board";
import { useAddressSearch } from "../../lib/search";
import { SessionRows } from "../account/SessionRows";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconDevicesPc, IconDots, IconFilter, IconKey, IconShieldLock, IconTrash, IconUserCog, IconUserPlus, IconUsers } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { When } from "../When";
import { LimitsDialog } from "./LimitsDialog";
import { PasswordDialog } from "./PasswordDialog";
import { RoleDialog } from "./RoleDialog";
import { UserDialog } from "./UserDialog";
import groups from "../groups/Groups.module.css";
import classes from "./Users.module.css";

type Act = "password" | "role" | "limits" | "sessions" | "totp" | "delete";

interface Props {
  search: string;
  keep: (words: string | undefined) => void;
}

export function Accounts({ search, keep }: Props) {
  const { t } = useTranslation();
  const [creating, setCreating] = useState(false);
  const [everybody, setEverybody] = useState(false);
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
      <List search={search} keep={keep} onAct={begin} onCreate={() => setCreating(true)} onSessions={() => setEverybody(true)} />
      <UserDialog opened={creating} onClose={() => setCreating(false)} />
      <PasswordDialog username={name} opened={act === "password"} onClose={close} />
      <RoleDialog username={name} role={chosen?.role ?? "technician"} opened={act === "role"} onClose={close} />
      <LimitsDialog user={chosen} opened={act === "limits"} onClose={close} />
      <SessionsDialog title={t("account.everybody")} opened={everybody} onClose={() => setEverybody(false)} />
      <SessionsDialog title={t("account.sessionsOf", { name })} user={name} opened={act === "sessions"} onClose={close} />
      <ConfirmDelete
        opened={act === "totp"}
        onClose={close}
        title={t("account.resetTitle", { name })}
        lead={t("account.resetLead")}
        verb={t("account.reset")}
        failed={t("account.failed")}
        done={t("account.resetDone", { name })}
        remove={() => resetTotp(name)}
      />
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

function SessionsDialog({ title, user, opened, onClose }: { title: string; user?: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal size="lg" opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <SessionRows whose={user === undefined ? {} : { user }} />
    </Modal>
  );
}

interface ListProps extends Props {
  onAct: (user: User, act: Act) => void;
  onCreate: () => void;
  onSessions: () => void;
}

function List({ search, keep, onAct, onCreate, onSessions }: ListProps) {
  const { t, i18n } = useTranslation();
  const { typed, type } = useAddressSearch(search, keep);
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
        <Button size="sm" leftSection={<IconUserPlus size={16} />} onClick={onCreate}>
          {t("users.new")}
        </Button>
        <Button variant="default" size="sm" leftSection={<IconDevicesPc size={16} />} onClick={onSessions} data-testid="all-sessions">
          {t("users.sessions")}
        </Button>
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
          <Menu.Item leftSection={<IconDevicesPc size={16} />} onClick={() => begin("sessions")}>
            {t("users.sessions")}
          </Menu.Item>
          {user.totp && (
            <Menu.Item leftSection={<IconShieldLock size={16} />} onClick={() => begin("totp")}>
              {t("account.reset")}
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
