// Every attempt to mail, and for the administrator a way to try the mail server.
import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { emailsHeard, emailsQuery, testMail } from "../../api/events";
import { STATUSES } from "../../lib/dashboard";
import { mailWords } from "../../lib/mail";
import { useAddressSearch } from "../../lib/search";
import { session } from "../../lib/session";
import { useStore } from "../../lib/store";
import dialogs from "../Dialogs.module.css";
import { IconMail, IconSend } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { VirtualRows } from "../VirtualRows";
import { EmailRow } from "./EmailRow";
import classes from "./Dashboard.module.css";

export function MailTab() {
  const { t } = useTranslation();
  const { search = "", status } = useSearch({ from: "/events" });
  const isAdmin = useStore(session)?.role === "admin";
  const [testing, setTesting] = useState(false);
  const list = useInfiniteQuery({ ...emailsQuery({ status, search }), placeholderData: keepPreviousData });
  const emails = list.data?.pages.flatMap((page) => page.emails) ?? [];
  const isFiltered = search !== "" || status !== undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const tryButton = isAdmin && (
    <Button size="xs" variant="default" leftSection={<IconSend size={16} />} onClick={() => setTesting(true)}>
      {t("dashboard.test.open")}
    </Button>
  );
  return (
    <Section title={t("dashboard.mails")} aside={tryButton} className={classes.contained}>
      <Filters />
      {list.isPending && <SkeletonRows rows={8} height={52} />}
      {list.isError && !list.data && <Failure title={t("dashboard.mailListFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && emails.length === 0 && (
        <Empty icon={<IconMail size={20} />} title={t(isFiltered ? "dashboard.noMatch" : "dashboard.noMail")}>
          {t(isFiltered ? "dashboard.noMatchHint" : "dashboard.noMailHint")}
        </Empty>
      )}
      {emails.length > 0 && (
        <VirtualRows
          label={t("dashboard.mails")}
          className={classes.list}
          items={emails}
          rowHeight={60}
          keyOf={(email) => email.id}
          total={list.data?.pages[0]?.total}
          onEnd={more}
          render={(email) => <EmailRow email={email} />}
        />
      )}
      <TestDialog opened={testing} onClose={() => setTesting(false)} />
    </Section>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { search = "", status } = useSearch({ from: "/events" });
  const navigate = useNavigate({ from: "/events" });
  const { typed, type } = useAddressSearch(search, (words) =>
    void navigate({ search: ({ search: _, ...old }) => ({ ...old, ...(words && { search: words }) }), replace: true }),
  );
  return (
    <div className={classes.filters}>
      <SearchField className={classes.search} label={t("dashboard.searchMail")} value={typed} onChange={type} />
      <SegmentedControl
        size="xs"
        aria-label={t("dashboard.byStatus")}
        value={status ?? "all"}
        onChange={(value) => {
          const chosen = STATUSES.find((one) => one === value);
          void navigate({ search: ({ status: _, ...old }) => ({ ...old, ...(chosen && { status: chosen }) }), replace: true });
        }}
        data={[{ value: "all", label: t("dashboard.everything") }, ...STATUSES.map((one) => ({ value: one, label: t(`dashboard.status.${one}`) }))]}
      />
    </div>
  );
}

function TestDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  const test = useMutation({ mutationFn: () => testMail(to.trim()), onSuccess: emailsHeard });
  return (
    <Modal opened={opened} onClose={onClose} title={t("dashboard.test.title")} closeButtonProps={{ "aria-label": t("close") }} onExitTransitionEnd={test.reset}>
      <form
        className={dialogs.form}
        onSubmit={(event) => {
          event.preventDefault();
          test.mutate();
        }}
      >
        <p className={dialogs.lead}>{t("dashboard.test.lead")}</p>
        <TextInput
          id="test-to"
          type="email"
          label={t("dashboard.test.to")}
          placeholder={t("dashboard.test.toHint")}
          value={to}
          data-autofocus
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        {test.isError && <Failure title={t("dashboard.test.failed")} error={test.error} />}
        {test.data && (
          <div className={classes.answer} data-status={test.data.status} role="status" data-testid="mail-answer">
            <strong>{t(`dashboard.test.${test.data.status}`)}</strong>
            <code translate="no">{mailWords(test.data.detail, t)}</code>
          </div>
        )}
        <div className={dialogs.buttons}>
          <Button variant="default" onClick={onClose}>
            {t("close")}
          </Button>
          <Button type="submit" loading={test.isPending}>
            {t("dashboard.test.send")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
