// Groups from a CSV: first what the hub would make of it or every faulty line, then the import itself. All or nothing.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { importGroups, type CsvFile } from "../../api/groups";
import { announce } from "../../lib/announce";
import { CSV_BYTES, faultsOf, FileTooLarge, previewOf } from "../../lib/csv";
import dialogs from "../Dialogs.module.css";
import { Failure, SkeletonRows } from "../States";
import { DropZone } from "./DropZone";
import { FaultyLines, Preview } from "./ImportPreview";
import classes from "./Groups.module.css";

interface Props {
  opened: boolean;
  /** A file that was dropped onto the page. */
  dropped: File | null;
  onClose: () => void;
}

export function ImportDialog({ opened, dropped, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("import.title")} size="lg" closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close") }}>
      <ImportForm dropped={dropped} onClose={onClose} />
    </Modal>
  );
}

function ImportForm({ dropped, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const { look, take } = useLook(dropped);
  const create = useMutation({
    mutationFn: (file: CsvFile) => importGroups(file, false),
    onSuccess: ({ groups }) => {
      announce(t("import.done", { count: groups.length }));
      onClose();
    },
  });
  const faults = faultsOf(create.error ?? look.error);
  const preview = look.data && previewOf(look.data.imported.groups);
  const choose = (file: File) => {
    create.reset();
    take(file);
  };
  return (
    <div className={dialogs.form} aria-busy={look.isPending || create.isPending}>
      <p className={dialogs.lead}>{t("import.lead")}</p>
      <DropZone again={!look.isIdle} onFile={choose} />
      {look.variables && <p className={classes.file}>{look.variables.name}</p>}
      {look.isPending && <SkeletonRows rows={3} />}
      {faults.length > 0 && <FaultyLines faults={faults} />}
      {look.isError && faults.length === 0 && <Refused error={look.error} />}
      {create.isError && faults.length === 0 && <Failure title={t("import.failed")} error={create.error} />}
      {preview && faults.length === 0 && <Preview preview={preview} encoding={look.data.imported.encoding} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button
          disabled={!preview || faults.length > 0}
          loading={create.isPending}
          onClick={() => look.data && create.mutate(look.data.file)}
          data-testid="import"
        >
          <span className="figures">{preview && faults.length === 0 ? t("import.make", { count: preview.groups.length }) : t("import.makeNone")}</span>
        </Button>
      </div>
    </div>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof FileTooLarge)) return <Failure title={t("import.failed")} error={error} />;
  return (
    <p className={classes.verdict} data-kind="bad" role="alert">
      {t("import.tooLarge")}
    </p>
  );
}

/** Asks the hub what it would make of a file. The same bytes are imported later, whatever becomes of the file meanwhile. */
function useLook(dropped: File | null) {
  const { t } = useTranslation();
  const look = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > CSV_BYTES) throw new FileTooLarge();
      const file: CsvFile = { name: chosen.name, bytes: await chosen.arrayBuffer() };
      return { file, imported: await importGroups(file, true) };
    },
    onSuccess: ({ imported }) => announce(t("import.would", { count: imported.groups.length })),
    onError: (error) => announce(t("import.faulty", { count: faultsOf(error).length }), "assertive"),
  });
  const taken = useRef<File | null>(null);
  const { mutate } = look;
  useEffect(() => {
    if (!dropped || taken.current === dropped) return;
    taken.current = dropped;
    mutate(dropped);
  }, [dropped, mutate]);
  return { look, take: mutate };
}
