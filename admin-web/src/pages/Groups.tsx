// All groups: found on the hub, with how many of each are online. The administrator makes, imports and exports them.
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { groupsQuery } from "../api/groups";
import type { GroupRow } from "../api/types";
import { ExportButton } from "../components/groups/ExportButton";
import { GroupEditor } from "../components/groups/GroupEditor";
import { ImportDialog } from "../components/groups/ImportDialog";
import { IconChevronRight, IconFileTypeCsv, IconPlus, IconUsersGroup } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { SearchField } from "../components/SearchField";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import { VirtualRows } from "../components/VirtualRows";
import { useFileDrop } from "../lib/drop";
import { useAddressSearch } from "../lib/search";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/groups/Groups.module.css";

export function Groups() {
  const { t } = useTranslation();
  useTitle(t("nav.groups"));
  const isAdmin = useStore(session)?.role === "admin";
  const navigate = useNavigate();
  const [opened, setOpened] = useState<"editor" | "import" | null>(null);
  const [dropped, setDropped] = useState<File | null>(null);
  const close = useCallback(() => setOpened(null), []);
  const drop = useCallback((file: File) => {
    setDropped(file);
    setOpened("import");
  }, []);
  const { over, handlers } = useFileDrop(isAdmin && opened === null ? drop : null);
  const create = () => setOpened("editor");
  const startImport = () => {
    setDropped(null);
    setOpened("import");
  };
  return (
    <div {...handlers}>
      <PageHead title={t("nav.groups")} lead={t(isAdmin ? "groups.leadAdmin" : "groups.lead")}>
        <ExportButton />
        {isAdmin && (
          <>
            <Button variant="default" size="sm" leftSection={<IconFileTypeCsv size={16} />} onClick={startImport}>
              {t("groups.import")}
            </Button>
            <Button size="sm" leftSection={<IconPlus size={16} />} onClick={create}>
              {t("groups.new")}
            </Button>
          </>
        )}
      </PageHead>
      <List onCreate={isAdmin ? create : null} />
      <GroupEditor
        group={null}
        opened={opened === "editor"}
        onClose={close}
        onSaved={({ name }) => { close(); void navigate({ to: "/groups/$name", params: { name } }); }}
      />
      <ImportDialog opened={opened === "import"} dropped={dropped} onClose={close} />
      {over && (
        <div className={classes.over}>
          <div className={classes.overBox}>
            <IconFileTypeCsv size={28} />
            {t("import.dropHere")}
          </div>
        </div>
      )}
    </div>
  );
}

function List({ onCreate }: { onCreate: (() => void) | null }) {
  const { t, i18n } = useTranslation();
  const { search = "" } = useSearch({ from: "/groups" });
  const navigate = useNavigate({ from: "/groups" });
  const { typed, type } = useAddressSearch(search, (words) => void navigate({ search: words ? { search: words } : {}, replace: true }));
  const list = useInfiniteQuery({ ...groupsQuery(search), placeholderData: keepPreviousData });
  const groups = list.data?.pages.flatMap((page) => page.groups) ?? [];
  const total = list.data?.pages[0]?.total;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Section title={t("groups.title")} aside={total !== undefined && <span className="figures">{new Intl.NumberFormat(i18n.language).format(total)}</span>}>
      <div className={classes.tools}>
        <SearchField className={classes.search} label={t("groups.search")} value={typed} onChange={type} />
      </div>
      {list.isPending && <SkeletonRows rows={8} height={44} />}
      {list.isError && !list.data && <Failure title={t("groups.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && groups.length === 0 && <NoGroups search={search} onCreate={onCreate} />}
      {groups.length > 0 && (
        <VirtualRows
          label={t("groups.title")}
          className={classes.list}
          items={groups}
          rowHeight={44}
          keyOf={(group) => group.name}
          total={total}
          onEnd={more}
          render={(group) => <Row group={group} />}
        />
      )}
    </Section>
  );
}

function Row({ group }: { group: GroupRow }) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <Link to="/groups/$name" params={{ name: group.name }} className={classes.row} data-testid="group">
      <span className={classes.rowName} translate="no" title={group.name}>
        {group.name}
      </span>
      <span className={`${classes.rowCounts} figures`}>
        <span className={classes.dot} data-online={group.online > 0 || undefined} aria-hidden />
        {t("groups.counts", { online: figures.format(group.online), members: figures.format(group.members) })}
      </span>
      <IconChevronRight size={16} />
    </Link>
  );
}

function NoGroups({ search, onCreate }: { search: string; onCreate: (() => void) | null }) {
  const { t } = useTranslation();
  const icon = <IconUsersGroup size={20} />;
  if (search) return <Empty icon={icon} title={t("groups.noMatch", { search })}>{t("groups.noMatchHint")}</Empty>;
  const add = onCreate && (
    <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={onCreate}>
      {t("groups.new")}
    </Button>
  );
  return (
    <Empty icon={icon} title={t("groups.empty")} action={add}>
      {t(onCreate ? "groups.emptyAdmin" : "groups.emptyHint")}
    </Empty>
  );
}
