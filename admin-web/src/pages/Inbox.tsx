// What branches write: the open ones first, answered where they stand.
import { Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { messagesQuery } from "../api/messages";
import { IconInbox } from "../components/icons";
import { MessageCard } from "../components/inbox/MessageCard";
import { PageHead } from "../components/PageHead";
import { SearchField } from "../components/SearchField";
import { Section } from "../components/Section";
import { Empty, Failure, SkeletonRows } from "../components/States";
import type { InboxPlace } from "../lib/inbox";
import { useAddressSearch } from "../lib/search";
import { useTitle } from "../lib/title";
import classes from "../components/inbox/Inbox.module.css";

export function Inbox() {
  const { t, i18n } = useTranslation();
  useTitle(t("nav.inbox"));
  const { all = false, client = "" } = useSearch({ from: "/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  const go = (place: InboxPlace) => void navigate({ search: place, replace: true });
  const { typed, type } = useAddressSearch(client, (words) => go({ ...(all && { all }), ...(words && { client: words }) }));
  const list = useInfiniteQuery({ ...messagesQuery(!all, client), placeholderData: keepPreviousData });
  const messages = list.data?.pages.flatMap((page) => page.messages) ?? [];
  const open = list.data?.pages[0]?.open;
  return (
    <>
      <PageHead title={t("nav.inbox")} lead={t("inbox.lead")} />
      <Section
        title={t(all ? "inbox.all" : "inbox.open")}
        aside={open !== undefined && <span className="figures">{t("inbox.waiting", { count: open, figure: new Intl.NumberFormat(i18n.language).format(open) })}</span>}
      >
        <div className={classes.tools}>
          <SegmentedControl
            aria-label={t("clients.filter")}
            value={all ? "all" : "open"}
            onChange={(value) => go({ ...(value === "all" && { all: true }), ...(client && { client }) })}
            data={[{ value: "open", label: t("inbox.open") }, { value: "all", label: t("inbox.all") }]}
          />
          <SearchField className={classes.search} label={t("inbox.client")} value={typed} onChange={type} />
        </div>
        {list.isPending && <SkeletonRows rows={4} height={84} />}
        {list.isError && !list.data && <Failure title={t("inbox.failed")} error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && messages.length === 0 && (
          <Empty icon={<IconInbox size={20} />} title={t(client ? "inbox.noneOf" : all ? "inbox.none" : "inbox.noneOpen")}>
            {t("inbox.noneHint")}
          </Empty>
        )}
        <ul className={classes.list}>
          {messages.map((message) => (
            <MessageCard key={message.id} message={message} />
          ))}
        </ul>
        {list.hasNextPage && (
          <div className={classes.more}>
            <Button variant="subtle" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("recent.older")}
            </Button>
          </div>
        )}
      </Section>
    </>
  );
}
