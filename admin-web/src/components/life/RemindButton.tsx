// Brings an alert up again wherever it was not seen; says what the hub has done, never before it has.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { remindOf } from "../../api/life";
import type { AlertDetail } from "../../api/types";
import { isSeen } from "../../lib/board";
import { useHubNow } from "../../lib/clock";
import { announce } from "../../lib/announce";
import { toast } from "../../lib/toast";
import { IconBellRinging } from "../icons";
import { useReason } from "../States";

const OVER = ["expired", "withdrawn", "undeliverable"];

export function RemindButton({ alert }: { alert: AlertDetail }) {
  const { t, i18n } = useTranslation();
  const now = useHubNow();
  const unseen = alert.deliveries.filter((row) => !isSeen(row) && !OVER.includes(row.state)).length;
  const remind = useMutation({
    mutationFn: () => remindOf(alert.id),
    onSuccess: ({ reminded, offline }) => {
      const words = `${t("life.reminded", { count: reminded })} ${offline > 0 ? t("life.remindedAway", { count: offline }) : ""}`.trim();
      toast({ message: words });
      announce(words);
    },
    onError: (error) => toast({ message: error instanceof ApiError && error.status === 429 ? t("life.tooSoon") : t("life.notReminded"), color: "orange" }),
  });
  const reason = useReason(remind.error);
  const over = Boolean(alert.withdrawn_at) || (alert.expires_at ? Date.parse(alert.expires_at) <= now : false);
  if (over || unseen === 0) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconBellRinging size={16} />}
      loading={remind.isPending}
      title={remind.isError ? reason : t("life.remindHint")}
      onClick={() => remind.mutate()}
      data-testid="remind"
    >
      <span className="figures">{t("life.remind", { count: unseen, figure: new Intl.NumberFormat(i18n.language).format(unseen) })}</span>
    </Button>
  );
}
