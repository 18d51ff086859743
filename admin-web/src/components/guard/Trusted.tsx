// Networks that are never banned: those of the settings, and those that were added here.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { distrust, trustedQuery } from "../../api/guard";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconPlus } from "../icons";
import { Section } from "../Section";
import { Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Guard.module.css";

export function Trusted({ onTrust }: { onTrust: () => void }) {
  const { t } = useTranslation();
  const list = useQuery(trustedQuery);
  const [chosen, setChosen] = useState("");
  const [opened, setOpened] = useState(false);
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={onTrust} data-testid="new-trusted">
      {t("guard.trustNew")}
    </Button>
  );
  return (
    <Section title={t("guard.trusted")} aside={add}>
      <p className={classes.note}>{t("guard.trustedLead")}</p>
      {list.isPending && <SkeletonRows rows={3} height={48} />}
      {list.isError && !list.data && <Failure title={t("guard.failed")} error={list.error} onRetry={() => void list.refetch()} />}
      <ul className={classes.list}>
        {(list.data?.allowed ?? []).map(({ network, reason, created_at, created_by }) => (
          <li key={network} className={classes.row} data-testid="trusted">
            <div className={classes.words}>
              <p className={classes.what} translate="no">
                {network}
              </p>
              {reason && <p className={classes.detail}>{reason}</p>}
              <p className={`${classes.soft} figures`}>
                <When at={created_at} /> · {created_by}
              </p>
            </div>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("guard.distrustNamed", { network })}
              onClick={() => {
                setChosen(network);
                setOpened(true);
              }}
            >
              {t("guard.distrust")}
            </Button>
          </li>
        ))}
        {(list.data?.configured ?? []).map((network) => (
          <li key={`settings ${network}`} className={classes.row}>
            <div className={classes.words}>
              <p className={classes.what} translate="no">
                {network}
              </p>
              <p className={classes.soft}>{t("guard.configured")}</p>
            </div>
          </li>
        ))}
      </ul>
      <ConfirmDelete
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("guard.distrustTitle", { network: chosen })}
        lead={t("guard.distrustLead")}
        verb={t("guard.distrust")}
        failed={t("guard.notSaved")}
        done={t("guard.distrusted", { network: chosen })}
        remove={() => distrust(chosen)}
        onDone={() => document.getElementById("main")?.focus({ preventScroll: true })}
      />
    </Section>
  );
}
