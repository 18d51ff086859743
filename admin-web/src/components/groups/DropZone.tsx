// Where a CSV is chosen or dropped. The field is a real one, so keyboard and screen reader have it, too.
import { useTranslation } from "react-i18next";
import { useFileDrop } from "../../lib/drop";
import { IconCloudUpload } from "../icons";
import classes from "./Groups.module.css";

export function DropZone({ again, onFile }: { again: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation();
  const { over, handlers } = useFileDrop(onFile);
  return (
    <label className={classes.drop} data-over={over || undefined} {...handlers}>
      <input
        type="file"
        className="visually-hidden"
        accept=".csv,text/csv,text/plain"
        data-testid="import-file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          // The same file may be chosen again once it has been mended.
          event.currentTarget.value = "";
        }}
      />
      <IconCloudUpload size={28} />
      <span className={classes.dropLead}>{t(again ? "import.chooseAgain" : "import.choose")}</span>
      <span className={classes.dropHint}>{t("import.format")}</span>
    </label>
  );
}
