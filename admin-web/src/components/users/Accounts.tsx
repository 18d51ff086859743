// The accounts: found by name, made, changed, ended. Stands on the page of users and beside the log.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../../api/types";
import { usersQuery } from "../../api/users";
import { fold } from "../../lib/board";
import { useAddressSearch } from "../../lib/search";
import { IconDevicesPc, IconUserPlus, IconUsers } from "../icons";
import { onDemand } from "../onDemand";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { When } from "../When";
import type { Act } from "./AccountDialogs";
import { AccountMenu } from "./AccountMenu";
import groups from "../groups/Groups.module.css";
import classes from "./Users.module.css";

const UserDialog = onDemand(() => import("./UserDialog").then((part) => part.UserDialog));
const AccountDialogs = onDemand(() => import("./AccountDialogs").then((part) => part.AccountDialogs));
const EverybodysSessions = onDemand(() => import("./AccountDialogs").then((part) => part.EverybodysSessions));

interface Props {
  search: string;
  keep: (words: string | undefined) => void;
}

export function Accounts({ search, keep }: Props) {
  const [creating, setCreating] = useState(false);
  const [everybody, setEverybody] = useState(false);
  const [chosen, setChosen] = useState<User | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const close = useCallback(() => setAct(null), []);
  const begin = (user: User, what: Act) => {
    setChosen(user);
    setAct(what);
  };
  return (
    <>
      <List search={search} keep={keep} onAct={begin} onCreate={() => setCreating(true)} onSessions={() => setEverybody(true)} />
      <UserDialog opened={creating} onClose={() => setCreating(false)} />
      <EverybodysSessions opened={everybody} onClose={() => setEverybody(false)} />
      <AccountDialogs user={chosen} act={act} opened={act !== null} onClose={close} />
    </>
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
      <AccountMenu user={user} onAct={onAct} />
    </div>
  );
}
