// Who may log in: for the administrator alone. Anybody else is told why there is nothing here.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { IconLock } from "../components/icons";
import { PageHead } from "../components/PageHead";
import { Section } from "../components/Section";
import { Empty } from "../components/States";
import { Accounts } from "../components/users/Accounts";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { useTitle } from "../lib/title";

export function Users() {
  const { t } = useTranslation();
  useTitle(t("nav.users"));
  const { search = "" } = useSearch({ from: "/users" });
  const navigate = useNavigate({ from: "/users" });
  const isAdmin = useStore(session)?.role === "admin";
  return (
    <>
      <PageHead title={t("nav.users")} lead={t("users.lead")} />
      {isAdmin ? (
        <Accounts search={search} keep={(words) => void navigate({ search: words ? { search: words } : {}, replace: true })} />
      ) : (
        <Section title={t("users.title")}>
          <Empty icon={<IconLock size={20} />} title={t("users.forbidden")}>
            {t("users.forbiddenHint")}
          </Empty>
        </Section>
      )}
    </>
  );
}
