// An admin account without a second factor is told so on every page, for as long as it is so.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { totpQuery } from "../../api/account";
import { IconShieldExclamation } from "../icons";
import classes from "./Account.module.css";

export function TotpBanner() {
  const { t } = useTranslation();
  const { data } = useQuery(totpQuery);
  if (!data || data.enabled) return null;
  return (
    <aside className={classes.banner} aria-label={t("account.totp")} data-testid="totp-banner">
      <IconShieldExclamation size={20} />
      <p>{t("account.warning")}</p>
      <Link to="/account">{t("account.warningAct")}</Link>
    </aside>
  );
}
