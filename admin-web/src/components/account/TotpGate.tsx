// Before everything else, for an account that must have a second factor and has none.
import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { leave } from "../../api/leave";
import { useTitle } from "../../lib/title";
import { Section } from "../Section";
import { SkeletonRows } from "../States";
import classes from "./Account.module.css";

const TotpSetup = lazy(() => import("./TotpSetup").then((part) => ({ default: part.TotpSetup })));

export function TotpGate() {
  const { t } = useTranslation();
  useTitle(t("account.gateTitle"));
  return (
    <main className={classes.gate} data-testid="totp-gate">
      <h1>{t("account.gateTitle")}</h1>
      <p>{t("account.gateLead")}</p>
      <Section title={t("account.totp")}>
        <div className={classes.body}>
          <Suspense fallback={<SkeletonRows rows={3} height={44} />}>
            <TotpSetup />
          </Suspense>
        </div>
      </Section>
      <div className={classes.row}>
        <Button variant="default" onClick={leave}>
          {t("nav.leave")}
        </Button>
      </div>
    </main>
  );
}
