// The second look: the final words as they will stand on the screens. Cancel has the focus.
import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { audienceWords } from "../../lib/audience";
import { audienceOf, type Draft } from "../../lib/draft";
import dialogs from "../Dialogs.module.css";
import { SeverityBadge } from "../Severity";
import { OptionWords } from "./OptionWords";
import type { Reach } from "./reach";

interface Props {
  draft: Draft;
  reach: Reach;
  opened: boolean;
  onClose: () => void;
  onSend: () => void;
}

export function ConfirmSend({ draft, reach, opened, onClose, onSend }: Props) {
  const { t } = useTranslation();
  const several = draft.whom !== "everybody" && draft.also.length > 0;
  const whom = several ? t("confirm.several", { count: reach.count, whom: audienceWords(audienceOf(draft), t) }) : {
    everybody: () => t("confirm.everybody", { count: reach.count }),
    group: () => t("confirm.group", { count: reach.count, group: draft.group }),
    branch: () => t("confirm.branch", { branch: draft.branch }),
  }[draft.whom]();
  return (
    <Modal opened={opened} onClose={onClose} title={t("confirm.title")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <div className={dialogs.form}>
        <p className="figures">
          {whom} <span className={dialogs.lead}>{reach.words}</span>
        </p>
        <div className={dialogs.preview} data-severity={draft.severity}>
          <div>
            <SeverityBadge severity={draft.severity} large />
          </div>
          {draft.title.trim() && <p className={dialogs.previewTitle}>{draft.title.trim()}</p>}
          <p className={dialogs.previewText}>{draft.text.trim()}</p>
        </div>
        <OptionWords options={draft.options} />
        {draft.severity === "critical" && draft.options.expiry === "usual" && <p className={dialogs.lead}>{t("confirm.critical")}</p>}
        <div className={dialogs.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color={draft.severity === "critical" ? "red" : "petrol"} onClick={onSend} data-testid="confirm-send">
            <span className="figures">{draft.options.later ? t("options.plan") : reach.button}</span>
          </Button>
        </div>
      </div>
    </Modal>
  );
}
