// Before everything else, for an account that must have a second factor and has none.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { leave } from "../../api/leave";
import { useTitle } from "../../lib/title";
import { Section } from "../Section";
import { TotpSetup } from "./TotpSetup";
import classes from "./Account.module.css";

export function TotpGate() {
  const { t } = useTranslation();
  useTitle(t("account.gateTitle"));
  return (
    <main className={classes.gate} data-testid="totp-gate">
      <h1>{t("account.gateTitle")}</h1>
      <p>{t("account.gateLead")}</p>
      <Section title={t("account.totp")}>
        <div className={classes.body}>
          <TotpSetup />
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
