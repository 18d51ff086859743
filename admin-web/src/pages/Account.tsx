// What belongs to who is signed in: password, second factor, open sessions, language and theme.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endOtherSessions } from "../api/account";
import { PasswordSection } from "../components/account/PasswordSection";
import { SessionRows } from "../components/account/SessionRows";
import { TotpSection } from "../components/account/TotpSection";
import { LanguageSwitch, ThemeSwitch } from "../components/Choices";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { announce } from "../lib/announce";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";
import classes from "../components/account/Account.module.css";

export function Account() {
  const { t } = useTranslation();
  useTitle(t("account.title"));
  const current = useStore(session);
  const endOthers = useMutation({ mutationFn: endOtherSessions, onSuccess: () => announce(t("account.ended")) });
  if (!current) return null;
  return (
    <>
      <PageHead title={t("account.title")} lead={t("account.lead")} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <TotpSection />
          <PasswordSection username={current.username} isAdmin={current.role === "admin"} />
        </div>
        <div className={classes.column}>
          <Section
            title={t("account.sessions")}
            aside={
              <Button variant="default" size="xs" loading={endOthers.isPending} onClick={() => endOthers.mutate()} data-testid="end-others">
                {t("account.endOthers")}
              </Button>
            }
          >
            <SessionRows whose={{ own: true }} />
          </Section>
          <Section title={t("account.prefs")}>
            <div className={`${classes.body} ${classes.row}`}>
              <LanguageSwitch />
              <ThemeSwitch />
            </div>
          </Section>
        </div>
      </div>
    </>
  );
}
