// What a document would change, or every fault of it; and then the import itself.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { importDocument } from "../../api/transfer";
import type { ImportReport } from "../../api/types";
import { announce } from "../../lib/announce";
import { faultsIn } from "../../lib/fields";
import { toast } from "../../lib/toast";
import { asDocument, DOCUMENT_BYTES, isKnown, NoDocument } from "../../lib/transfer";
import dialogs from "../Dialogs.module.css";
import { Failure, SkeletonRows } from "../States";
import classes from "./Settings.module.css";

export function ImportDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const { t } = useTranslation();
  const look = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > DOCUMENT_BYTES) throw new NoDocument("large");
      const document = asDocument(await chosen.text());
      return { document, report: await importDocument(document, true) };
    },
    onError: () => announce(t("transfer.refused"), "assertive"),
  });
  const read = useMutation({
    mutationFn: () => (look.data ? importDocument(look.data.document, false) : Promise.reject(new Error("nothing was looked at"))),
    onSuccess: () => {
      toast({ message: t("transfer.done") });
      announce(t("transfer.done"));
      onClose();
    },
  });
  const { mutate } = look;
  useEffect(() => mutate(file), [file, mutate]);
  const error = read.error ?? look.error;
  const writes = look.data?.report.changes.some(({ added, changed }) => added + changed > 0) ?? false;
  return (
    <Modal opened onClose={onClose} title={t("transfer.importTitle")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <div className={dialogs.form} aria-busy={look.isPending || read.isPending}>
        <p className={classes.fileName}>{file.name}</p>
        {look.isPending && <SkeletonRows rows={3} />}
        {error ? <Refused error={error} /> : look.data && <Changes report={look.data.report} />}
        <div className={dialogs.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button disabled={!writes || error !== null} loading={read.isPending} onClick={() => read.mutate()} data-testid="confirm-import">
            {t(look.data && !writes ? "transfer.nothing" : "transfer.confirm")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Changes({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  return (
    <ul className={`${classes.changes} figures`} data-testid="import-changes">
      {report.changes.map(({ section, added, changed, unchanged, ignored, names }) => (
        <li key={section}>
          <strong>{isKnown(section) ? t(`transfer.section.${section}`) : section}</strong>
          <span>
            {[
              added > 0 && t("transfer.added", { count: added }),
              changed > 0 && t("transfer.changed", { count: changed }),
              unchanged > 0 && t("transfer.unchanged", { count: unchanged }),
              ignored > 0 && t("transfer.ignored", { count: ignored }),
            ]
              .filter(Boolean)
              .join(" · ") || t("transfer.empty")}
          </span>
          {names.length > 0 && <span className={classes.names}>{names.join(", ")}{added + changed > names.length && " …"}</span>}
        </li>
      ))}
    </ul>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error instanceof NoDocument) {
    return (
      <p className={classes.error} role="alert">
        {t(`transfer.no.${error.why}`)}
      </p>
    );
  }
  const faults = faultsIn(error);
  if (faults.length === 0) return <Failure title={t("transfer.refused")} error={error} />;
  return (
    <div role="alert" data-testid="import-faults">
      <p className={classes.error}>{t("transfer.refused")}</p>
      <ul className={classes.faults} tabIndex={0} aria-label={t("transfer.faults")}>
        {faults.map(({ field, reason }, index) => (
          <li key={index}>
            <code>{field}</code> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
