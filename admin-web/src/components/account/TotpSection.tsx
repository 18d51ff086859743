// One's own second factor: set it up, make new recovery codes, switch it off.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { disableTotp, renewCodes, totpChanged, totpQuery } from "../../api/account";
import { IconShieldLock } from "../icons";
import { Section } from "../Section";
import { Failure, SkeletonRows } from "../States";
import { When } from "../When";
import { RecoveryCodes } from "./RecoveryCodes";
import { ReproofDialog } from "./ReproofDialog";
import { TotpSetup } from "./TotpSetup";
import classes from "./Account.module.css";

export function TotpSection() {
  const { t } = useTranslation();
  const state = useQuery(totpQuery);
  const enabled = state.data?.enabled;
  return (
    <Section
      title={t("account.totp")}
      aside={
        state.data && (
          <span className={classes.state} data-on={enabled || undefined} data-testid="totp-state">
            <IconShieldLock size={16} /> {t(enabled ? "account.on" : "account.off")}
          </span>
        )
      }
    >
      {state.isPending && <SkeletonRows rows={2} />}
      {state.isError && !state.data && <Failure title={t("account.totpFailed")} error={state.error} onRetry={() => void state.refetch()} />}
      {state.data && <div className={classes.body}>{enabled ? <Enabled since={state.data.since} left={state.data.recovery_codes_left} /> : <TotpSetup />}</div>}
    </Section>
  );
}

function Enabled({ since, left }: { since: string | null | undefined; left: number }) {
  const { t } = useTranslation();
  const [act, setAct] = useState<"disable" | "renew" | null>(null);
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onSaved={() => setCodes(undefined)} />;
  return (
    <>
      <p>
        {t("account.onSince")} {since && <When at={since} relative />}. <span className={classes.soft}>{t("account.codesLeft", { count: left })}</span>
      </p>
      <div className={classes.row}>
        <Button variant="default" onClick={() => setAct("renew")}>
          {t("account.codesNew")}
        </Button>
        <Button variant="default" onClick={() => setAct("disable")} data-testid="totp-disable">
          {t("account.disable")}
        </Button>
      </div>
      <ReproofDialog
        opened={act === "renew"}
        onClose={() => setAct(null)}
        title={t("account.renewTitle")}
        verb={t("account.codesNew")}
        act={async (proof) => setCodes(await renewCodes(proof))}
      />
      <ReproofDialog
        opened={act === "disable"}
        onClose={() => setAct(null)}
        title={t("account.disableTitle")}
        verb={t("account.disable")}
        destroys
        act={async (proof) => {
          await disableTotp(proof);
          await totpChanged();
        }}
      />
    </>
  );
}
