// An attempt to mail as a row: when, how it ended, to whom, about what, what the server answered.
import { useTranslation } from "react-i18next";
import type { EmailLog } from "../../api/types";
import { mailWords } from "../../lib/mail";
import { IconBan, IconCheck, IconX } from "../icons";
import { When } from "../When";
import classes from "./Dashboard.module.css";

const ICONS = { sent: IconCheck, failed: IconX, skipped: IconBan } as const;

export function EmailRow({ email }: { email: EmailLog }) {
  const { t } = useTranslation();
  const Icon = ICONS[email.status];
  const detail = mailWords(email.detail, t);
  return (
    <div className={classes.mail} data-testid="email" data-status={email.status}>
      <span className={classes.mailWhen}>
        <When at={email.created_at} />
      </span>
      <span className={classes.status} data-status={email.status}>
        <Icon size={14} stroke={2.25} />
        {t(`dashboard.status.${email.status}`)}
      </span>
      <span className={classes.mailWords}>
        <span className={classes.mailSubject} title={email.subject}>
          {email.subject || t("dashboard.noSubject")}
        </span>
        <span className={classes.mailDetail} title={detail}>
          {email.recipient && <span translate="no">{email.recipient} · </span>}
          {detail}
        </span>
      </span>
    </div>
  );
}
