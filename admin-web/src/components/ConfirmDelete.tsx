// Asks before something is deleted: the verb on the button, the focus on Cancel, never shown as done before the hub says so.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { announce } from "../lib/announce";
import dialogs from "./Dialogs.module.css";
import { Failure } from "./States";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  lead: string;
  verb: string;
  failed: string;
  done: string;
  remove: () => Promise<void>;
  onDone?: () => void;
}

export function ConfirmDelete({ opened, onClose, title, lead, verb, failed, done, remove, onDone }: Props) {
  const { t } = useTranslation();
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      announce(done);
      onClose();
      onDone?.();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }} onExitTransitionEnd={removal.reset}>
      <div className={dialogs.form}>
        <p>{lead}</p>
        {removal.isError && <Failure title={failed} error={removal.error} />}
        <div className={dialogs.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={removal.isPending} onClick={() => removal.mutate()} data-testid="confirm-delete">
            {verb}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
