// Who attacks, who is kept out and why, who is trusted. For the administrator alone. A tab is an address.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { guardDayQuery } from "../api/guard";
import { BanForm, TrustForm } from "../components/guard/GuardForms";
import { BanList } from "../components/guard/BanList";
import { Noticed } from "../components/guard/Noticed";
import { Trusted } from "../components/guard/Trusted";
import { IconBan, IconLock } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty } from "../components/States";
import { COLOUR, GUARD_TABS, LEVELS } from "../lib/guard";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import "../components/rules/mantine.css";
import rules from "../components/rules/Rules.module.css";
import statistics from "../components/statistics/Statistics.module.css";

type Act = "ban" | "trust";

export function Guard() {
  const { t } = useTranslation();
  useTitle(t("nav.guard"));
  if (useStore(session)?.role === "admin") return <Watch />;
  return (
    <>
      <PageHead title={t("nav.guard")} lead={t("guard.lead")} />
      <Section title={t("guard.events")}>
        <Empty icon={<IconLock size={20} />} title={t("guard.forbidden")}>
          {t("guard.forbiddenHint")}
        </Empty>
      </Section>
    </>
  );
}

function Watch() {
  const { t } = useTranslation();
  const place = useSearch({ from: "/guard" });
  const { tab = "events" } = place;
  const [act, setAct] = useState<Act | null>(null);
  const [address, setAddress] = useState("");
  const begin = (what: Act, about = "") => {
    setAddress(about);
    setAct(what);
  };
  const close = () => setAct(null);
  return (
    <>
      <PageHead title={t("nav.guard")} lead={t("guard.lead")}>
        <Button size="sm" variant="default" leftSection={<IconBan size={16} />} onClick={() => begin("ban")} data-testid="new-ban">
          {t("guard.banNew")}
        </Button>
      </PageHead>
      <Day />
      <nav className={rules.tabs} aria-label={t("nav.guard")}>
        {GUARD_TABS.map((one) => (
          <Link
            key={one}
            to="/guard"
            search={one === "events" ? {} : { tab: one }}
            className={rules.tab}
            aria-current={one === tab ? "page" : undefined}
            data-current={one === tab || undefined}
          >
            {t(`guard.${one}`)}
          </Link>
        ))}
      </nav>
      {tab === "events" && <Noticed place={place} onBan={(ip) => begin("ban", ip)} />}
      {tab === "bans" && <BanList search={place.search} onTrust={(ip) => begin("trust", ip)} />}
      {tab === "trusted" && <Trusted onTrust={() => begin("trust")} />}
      <BanForm opened={act === "ban"} address={address} onClose={close} />
      <TrustForm opened={act === "trust"} address={address} onClose={close} />
    </>
  );
}

/** The last 24 hours in numbers. */
function Day() {
  const { t, i18n } = useTranslation();
  const day = useQuery(guardDayQuery);
  const figure = (count: number | undefined) => (count === undefined ? "–" : new Intl.NumberFormat(i18n.language).format(count));
  return (
    <dl className={`${statistics.tiles} figures`} data-testid="guard-day">
      <div className={statistics.tile}>
        <dt>{t("guard.bansNow")}</dt>
        <dd data-testid="bans-now">{figure(day.data?.bans)}</dd>
      </div>
      {LEVELS.toReversed().map((level) => (
        <div key={level} className={statistics.tile} data-severity={COLOUR[level]}>
          <dt>{t(`guard.day.${level}`)}</dt>
          <dd>{figure(day.data?.strikes[level])}</dd>
        </div>
      ))}
    </dl>
  );
}
