// The data as a file: out by sections, and in again after a look at what would change.
import { Button, Checkbox, FileButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportDocument } from "../../api/transfer";
import { save } from "../../lib/save";
import { toast } from "../../lib/toast";
import { SECTIONS, USUAL } from "../../lib/transfer";
import { IconDownload, IconUpload } from "../icons";
import { Section } from "../Section";
import { ImportDialog } from "./ImportDialog";
import classes from "./Settings.module.css";

export function Transfer() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string[]>([...USUAL]);
  const [file, setFile] = useState<File | null>(null);
  const fetched = useMutation({
    mutationFn: () => exportDocument(SECTIONS.filter((name) => chosen.includes(name))),
    onSuccess: (document) => save(document, "pregon.json"),
    onError: () => toast({ color: "orange", message: t("transfer.notExported") }),
  });
  return (
    <Section title={t("transfer.title")}>
      <div className={classes.form}>
        <p className={classes.hint}>{t("transfer.lead")}</p>
        <Checkbox.Group label={t("transfer.what")} value={chosen} onChange={setChosen}>
          <div className={classes.checks}>
            {SECTIONS.map((name) => (
              <Checkbox key={name} value={name} label={t(`transfer.section.${name}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <div className={classes.buttons}>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            disabled={chosen.length === 0}
            loading={fetched.isPending}
            onClick={() => fetched.mutate()}
            data-testid="export-json"
          >
            {t("transfer.export")}
          </Button>
          <FileButton accept="application/json,.json" onChange={setFile} inputProps={{ "aria-label": t("transfer.import"), "data-testid": "import-json" } as object}>
            {(props) => (
              <Button variant="default" leftSection={<IconUpload size={16} />} {...props}>
                {t("transfer.import")}
              </Button>
            )}
          </FileButton>
        </div>
      </div>
      {file && <ImportDialog key={`${file.name} ${file.lastModified}`} file={file} onClose={() => setFile(null)} />}
    </Section>
  );
}
