// Who has seen it: the board of one alert.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { alertQuery } from "../api/queries";
import { Board } from "../components/board/Board";
import { Progress } from "../components/board/Progress";
import { WithdrawDialog } from "../components/board/WithdrawDialog";
import { ReceiptsMenu } from "../components/history/ReceiptsMenu";
import { IconArrowLeft, IconBan, IconPencil } from "../components/icons";
import { AmendDialog } from "../components/life/AmendDialog";
import life from "../components/life/Life.module.css";
import { RemindButton } from "../components/life/RemindButton";
import { Successor } from "../components/life/Successor";
import { TallySection } from "../components/life/TallySection";
import { Timeline } from "../components/life/Timeline";
import { SeverityBadge } from "../components/Severity";
import { Failure, SkeletonRows } from "../components/States";
import { When } from "../components/When";
import { audienceWords } from "../lib/audience";
import { maySend, session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import type { AlertDetail } from "../api/types";
import classes from "./Alert.module.css";

/** Each alert its own: what is asked for anew when a page opens is asked when the next alert follows on the same page, too. */
export function Alert() {
  const { id } = useParams({ from: "/alerts/$id" });
  return <One key={id} id={id} />;
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const alert = useQuery(alertQuery(id));
  useTitle(alert.data?.title || alert.data?.text.slice(0, 60) || t("board.title"));
  return (
    <>
      <Back />
      {alert.isPending && <SkeletonRows rows={8} height={44} />}
      {alert.isError && !alert.data && <Failure title={t("board.failed")} error={alert.error} onRetry={() => void alert.refetch()} />}
      {alert.data && <Loaded key={id} alert={alert.data} />}
    </>
  );
}

function Back() {
  const { t } = useTranslation();
  const isAdmin = useStore(session)?.role === "admin";
  return (
    <Link to={isAdmin ? "/admin" : "/"} className={classes.back}>
      <IconArrowLeft size={16} />
      {t("board.back")}
    </Link>
  );
}

function Loaded({ alert }: { alert: AlertDetail }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<"withdraw" | "amend" | null>(null);
  const close = () => setAsking(null);
  const role = useStore(session)?.role;
  return (
    <>
      <Successor alert={alert} />
      <div className={classes.head} data-severity={alert.severity}>
        <div className={classes.words}>
          <div className={classes.meta}>
            <SeverityBadge severity={alert.severity} large />
            {alert.drill && <span className={classes.tag}>{t("board.drill")}</span>}
            {alert.withdrawn_at && (
              <span className={classes.tag}>
                {t("board.withdrawn")} <When at={alert.withdrawn_at} />
              </span>
            )}
          </div>
          <h1 className={classes.title}>{alert.title || t("board.title")}</h1>
          <p className={classes.text}>{alert.text}</p>
          <p className={classes.sent}>
            {t("board.sentBy", { from: alert.from, whom: audienceWords(alert.audience, t) })} · <When at={alert.sent_at} />
            {alert.expires_at && (
              <>
                {" "}· {t("board.expires")} <When at={alert.expires_at} />
              </>
            )}
            {alert.withdraw_reason && <> · {t("board.reason", { reason: alert.withdraw_reason })}</>}
          </p>
        </div>
        <ReceiptsMenu id={alert.id} />
        {maySend(role) && !alert.withdrawn_at && (
          <div className={life.actions}>
            <RemindButton alert={alert} />
            <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setAsking("amend")} data-testid="amend">
              {t("life.amend")}
            </Button>
            <Button variant="outline" color="red" leftSection={<IconBan size={16} />} onClick={() => setAsking("withdraw")}>
              {t("withdraw.open")}
            </Button>
          </div>
        )}
      </div>
      <Progress alert={alert} />
      <div className={life.columns}>
        <TallySection alert={alert} />
        <Timeline alert={alert} />
      </div>
      <Board alert={alert} />
      <WithdrawDialog alert={alert} opened={asking === "withdraw"} onClose={close} />
      <AmendDialog alert={alert} opened={asking === "amend"} onClose={close} />
    </>
  );
}
