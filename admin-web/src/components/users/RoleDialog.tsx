// Changes what an account may do. Whoever is logged in with it is logged out at once, and the dialog says so.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeUser } from "../../api/users";
import type { UserRole } from "../../api/types";
import { announce } from "../../lib/announce";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";
import { RolePicker } from "./RolePicker";

interface Props {
  username: string;
  role: UserRole;
  opened: boolean;
  onClose: () => void;
}

export function RoleDialog({ opened, onClose, username, role }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("users.roleTitle", { name: username })} closeButtonProps={{ "aria-label": t("close") }}>
      <RoleForm username={username} role={role} onClose={onClose} />
    </Modal>
  );
}

function RoleForm({ username, role, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<UserRole>(role);
  const change = useMutation({
    mutationFn: () => changeUser(username, { role: wanted }),
    onSuccess: () => {
      announce(t("users.roleChanged", { name: username }));
      onClose();
    },
    onError: () => announce(t("users.notChanged"), "assertive"),
  });
  return (
    <div className={dialogs.form} aria-busy={change.isPending}>
      <p className={dialogs.lead}>{t("users.endsSessions", { name: username })}</p>
      <RolePicker autoFocus value={wanted} onChange={setWanted} />
      {change.isError && <Failure title={t("users.notChanged")} error={change.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button loading={change.isPending} disabled={wanted === role} onClick={() => change.mutate()} data-testid="change-role">
          {t("users.role")}
        </Button>
      </div>
    </div>
  );
}
