// The figures of this moment as tiles, and those of the last hour or week as charts.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { monitorQuery } from "../../api/monitor";
import { Failure, SkeletonRows } from "../States";
import { Curves } from "./Curves";
import { Fresh } from "./Fresh";
import { Problems } from "./Problems";
import { Tiles } from "./Tiles";
import classes from "./Monitor.module.css";

export function Figures() {
  const { t } = useTranslation();
  const { span } = useSearch({ from: "/monitor" });
  const navigate = useNavigate({ from: "/monitor" });
  const found = useQuery(monitorQuery);
  if (found.isPending) return <SkeletonRows rows={12} />;
  if (!found.data) return <Failure title={t("monitor.failed")} error={found.error} onRetry={() => void found.refetch()} />;
  const { now, problems, series, week } = found.data;
  return (
    <>
      <div className={classes.bar}>
        <Fresh at={found.dataUpdatedAt} failed={found.isError} />
        <SegmentedControl
          size="xs"
          aria-label={t("monitor.span")}
          value={span ?? "hour"}
          onChange={(value) => void navigate({ search: value === "week" ? { span: "week" } : {}, replace: true })}
          data={[
            { value: "hour", label: t("monitor.hour") },
            { value: "week", label: t("monitor.week") },
          ]}
        />
      </div>
      <Problems problems={problems} />
      <Tiles now={now} before={series.samples.at(-2)} last={series.samples.at(-1)} />
      <Curves samples={span === "week" ? week.samples : series.samples} isWeek={span === "week"} />
    </>
  );
}
