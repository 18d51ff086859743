// What can be done to an account, each in a dialog. Fetched with the first of them: the list does without.
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { resetTotp } from "../../api/account";
import type { User } from "../../api/types";
import { removeUser } from "../../api/users";
import { SessionRows } from "../account/SessionRows";
import { ConfirmDelete } from "../ConfirmDelete";
import { LimitsDialog } from "./LimitsDialog";
import { PasswordDialog } from "./PasswordDialog";
import { RoleDialog } from "./RoleDialog";

export type Act = "password" | "role" | "limits" | "sessions" | "totp" | "delete";

interface Props {
  /** The one that was chosen last; it stays while a dialog closes. */
  user: User | null;
  act: Act | null;
  opened: boolean;
  onClose: () => void;
}

export function AccountDialogs({ user, act: wanted, opened, onClose: close }: Props) {
  const { t } = useTranslation();
  const name = user?.username ?? "";
  const act = opened ? wanted : null;
  return (
    <>
      <PasswordDialog username={name} opened={act === "password"} onClose={close} />
      <RoleDialog username={name} role={user?.role ?? "technician"} opened={act === "role"} onClose={close} />
      <LimitsDialog user={user} opened={act === "limits"} onClose={close} />
      <SessionsDialog title={t("account.sessionsOf", { name })} user={name} opened={act === "sessions"} onClose={close} />
      <ConfirmDelete
        opened={act === "totp"}
        onClose={close}
        title={t("account.resetTitle", { name })}
        lead={t("account.resetLead")}
        verb={t("account.reset")}
        failed={t("account.failed")}
        done={t("account.resetDone", { name })}
        remove={() => resetTotp(name)}
      />
      <ConfirmDelete
        opened={act === "delete"}
        onClose={close}
        title={t("users.deleteTitle", { name })}
        lead={t("users.deleteLead")}
        verb={t("users.delete")}
        failed={t("users.notDeleted")}
        done={t("users.deleted", { name })}
        remove={() => removeUser(name)}
        // The row is gone, and with it the button that the focus would return to.
        onDone={() => document.getElementById("main")?.focus({ preventScroll: true })}
      />
    </>
  );
}


/** The log-ins of all accounts. */
export function EverybodysSessions({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return <SessionsDialog title={t("account.everybody")} opened={opened} onClose={onClose} />;
}

function SessionsDialog({ title, user, opened, onClose }: { title: string; user?: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal size="lg" opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <SessionRows whose={user === undefined ? {} : { user }} />
    </Modal>
  );
}
