// Who is kept out now: why, since when, for how long, and the way back in.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bansQuery, unban } from "../../api/guard";
import type { BanRow } from "../../api/types";
import { useHubNow } from "../../lib/clock";
import type { GuardPlace } from "../../lib/guard";
import { useAddressSearch } from "../../lib/search";
import { span } from "../../lib/time";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconShieldCheck } from "../icons";
import { SearchField } from "../SearchField";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Guard.module.css";

export function BanList({ search = "", onTrust }: { search?: string | undefined; onTrust: (ip: string) => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate({ from: "/guard" });
  const { typed, type } = useAddressSearch(search, (words) => void navigate({ search: (old) => ({ ...old, search: words }) as GuardPlace, replace: true }));
  const list = useInfiniteQuery(bansQuery(search));
  const [chosen, setChosen] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  const bans = list.data?.pages.flatMap((page) => page.bans) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <Section
      title={t("guard.bans")}
      aside={total !== undefined && <span className="figures">{new Intl.NumberFormat(i18n.language).format(total)}</span>}
    >
      <div className={classes.filters}>
        <SearchField className={classes.search} label={t("guard.searchBans")} value={typed} onChange={type} />
      </div>
      {list.isPending && <SkeletonRows rows={4} height={56} />}
      {list.isError && !list.data && <Failure title={t("guard.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && bans.length === 0 && (
        <Empty icon={<IconShieldCheck size={20} />} title={t(search ? "guard.noMatch" : "guard.noBans")}>
          {t(search ? "guard.noMatchHint" : "guard.noBansHint")}
        </Empty>
      )}
      <ul className={classes.list}>
        {bans.map((ban) => (
          <Row
            key={`${ban.ip} ${ban.client ?? ""}`}
            ban={ban}
            onTrust={onTrust}
            onUnban={(ip) => {
              setChosen(ip);
              setOpened(true);
            }}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("guard.older")}
          </Button>
        </div>
      )}
      <ConfirmDelete
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("guard.unbanTitle", { ip: chosen ?? "" })}
        lead={t("guard.unbanLead")}
        verb={t("guard.unban")}
        failed={t("guard.notSaved")}
        done={t("guard.unbanned", { ip: chosen ?? "" })}
        remove={() => unban(chosen ?? "")}
        onDone={() => document.getElementById("main")?.focus({ preventScroll: true })}
      />
    </Section>
  );
}

function Row({ ban, onUnban, onTrust }: { ban: BanRow; onUnban: (ip: string) => void; onTrust: (ip: string) => void }) {
  const { t } = useTranslation();
  const left = Math.max(0, Date.parse(ban.until) - useHubNow());
  return (
    <li className={classes.row} data-testid="ban">
      <div className={classes.words}>
        <p className={classes.what} translate="no">
          {ban.client ? `${ban.client} · ${ban.ip}` : ban.ip}
        </p>
        <p className={classes.detail}>{ban.reason || t("guard.noReason")}</p>
        <p className={`${classes.soft} figures`}>
          {t("guard.left", { span: span(left) })} · {t("guard.since")} <When at={ban.since} /> · {ban.banned_by === "guard" ? t("guard.byGuard") : ban.banned_by}
        </p>
      </div>
      <div className={classes.tools}>
        <Button variant="default" size="compact-sm" aria-label={t("guard.trustNamed", { ip: ban.ip })} onClick={() => onTrust(ban.ip)}>
          {t("guard.trust")}
        </Button>
        <Button variant="default" size="compact-sm" aria-label={t("guard.unbanNamed", { ip: ban.ip })} onClick={() => onUnban(ban.ip)} data-testid="unban">
          {t("guard.unban")}
        </Button>
      </div>
    </li>
  );
}
