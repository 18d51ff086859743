// Ten codes, shown this once: to copy, to download, to write down.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../CopyButton";
import { IconDownload } from "../icons";
import classes from "./Account.module.css";

export function RecoveryCodes({ codes, onSaved }: { codes: readonly string[]; onSaved: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("account.codesLead")}</p>
      <ul className={`${classes.codes} ${classes.mono}`} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code} translate="no">
            {code}
          </li>
        ))}
      </ul>
      <div className={classes.row}>
        <CopyButton label={t("account.copyCodes")} text={() => codes.join("\n")} />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => download(codes)}>
          {t("account.download")}
        </Button>
        <Button onClick={onSaved} data-testid="codes-saved">
          {t("account.codesSaved")}
        </Button>
      </div>
    </>
  );
}

function download(codes: readonly string[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${codes.join("\r\n")}\r\n`], { type: "text/plain" }));
  link.download = "pregon-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}
