// What passes over the connections of PCs, panels and sensors, as it passes: a sample, without texts; what went wrong stays longer.
import { Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { trafficQuery } from "../../api/monitor";
import type { TrafficEntry } from "../../api/types";
import { PEERS } from "../../lib/monitor";
import { IconActivity, IconCircleCheck } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { Fresh } from "./Fresh";
import classes from "./Monitor.module.css";

export function TrafficTab() {
  const { t, i18n } = useTranslation();
  const [paused, setPaused] = useState(false);
  const { of } = useSearch({ from: "/monitor" });
  const found = useQuery({ ...trafficQuery(of), placeholderData: keepPreviousData, ...(paused && { refetchInterval: false as const }) });
  if (found.isPending) return <SkeletonRows rows={10} />;
  if (!found.data) return <Failure title={t("monitor.failed")} error={found.error} onRetry={() => void found.refetch()} />;
  const { frames, errors, errors_total: total, left_out: leftOut } = found.data;
  const format = (count: number) => new Intl.NumberFormat(i18n.language).format(count);
  return (
    <>
      <div className={classes.bar}>
        <Fresh at={found.dataUpdatedAt} failed={found.isError} />
        <Peers />
        <Button size="xs" variant="default" onClick={() => setPaused((old) => !old)} aria-pressed={paused}>
          {t(paused ? "monitor.resume" : "monitor.pause")}
        </Button>
      </div>
      <div className={classes.grid}>
        <Section title={t("monitor.frames")} aside={leftOut > 0 && <span className={classes.small}>{t("monitor.leftOut", { count: leftOut, formatted: format(leftOut) })}</span>}>
          <Entries
            label={t("monitor.frames")}
            entries={frames}
            empty={<Empty icon={<IconActivity size={20} />} title={t("monitor.noFrames")}>{t("monitor.noFramesHint")}</Empty>}
          />
        </Section>
        <Section title={t("monitor.errors")} aside={<span className={classes.small}>{t("monitor.errorsTotal", { count: total, formatted: format(total) })}</span>}>
          <Entries
            label={t("monitor.errors")}
            entries={errors}
            empty={<Empty icon={<IconCircleCheck size={20} />} title={t("monitor.noErrors")}>{t("monitor.noErrorsHint")}</Empty>}
          />
        </Section>
      </div>
    </>
  );
}

function Peers() {
  const { t } = useTranslation();
  const { of } = useSearch({ from: "/monitor" });
  const navigate = useNavigate({ from: "/monitor" });
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("monitor.byPeer")}
      value={of ?? "all"}
      onChange={(value) => {
        const chosen = PEERS.find((one) => one === value);
        void navigate({ search: ({ of: _, ...old }) => ({ ...old, ...(chosen && { of: chosen }) }), replace: true });
      }}
      data={[{ value: "all", label: t("monitor.everything") }, ...PEERS.map((one) => ({ value: one, label: t(`monitor.peers.${one}`) }))]}
    />
  );
}

function Entries({ label, entries, empty }: { label: string; entries: readonly TrafficEntry[]; empty: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  if (entries.length === 0) return empty;
  const size = new Intl.NumberFormat(i18n.language);
  return (
    <div className={classes.box} tabIndex={0} role="group" aria-label={label}>
      <ul>
        {entries.map(({ number, at, kind, client, direction, action, bytes: count, error }) => (
          <li key={number} className={classes.entry} data-peer={kind} data-testid={error ? "traffic-error" : "traffic-frame"}>
            <span className={classes.at}>
              <When at={at} />
            </span>
            <span className={classes.peer}>{t(`monitor.peer.${kind}`)}</span>
            <span className={classes.who} translate="no" title={client}>
              <span aria-hidden>{direction === "in" ? "→ " : "← "}</span>
              <span className="visually-hidden">{t(`monitor.${direction}`)}</span>
              {client || t("monitor.unknown")}
            </span>
            <span className={`${classes.what} figures`}>
              {error ? <strong>{t(`monitor.reason.${error}`, { defaultValue: error })}</strong> : `${action} · ${size.format(count)} B`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
