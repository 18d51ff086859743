// What the hub would make of a file, or every line that is wrong with it.
import { useTranslation } from "react-i18next";
import type { Fault, Preview as WhatCame } from "../../lib/csv";
import { CopyButton } from "../CopyButton";
import { IconCircleCheck, IconX } from "../icons";
import { VirtualRows } from "../VirtualRows";
import classes from "./Groups.module.css";

export function Preview({ preview, encoding }: { preview: WhatCame; encoding: string }) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <>
      <div className={classes.verdict} data-testid="import-good">
        <IconCircleCheck size={20} />
        <p className="figures">
          {t("import.would", { count: preview.groups.length })} {t("import.wouldMembers", { count: preview.members })}
          {encoding !== "utf-8" && ` ${t("import.notUtf8")}`}
        </p>
      </div>
      <div className={classes.box}>
        <VirtualRows
          label={t("import.groups")}
          className={classes.boxRows}
          items={preview.groups}
          rowHeight={36}
          keyOf={(group) => group.name}
          render={(group) => (
            <div className={classes.preview} data-testid="import-group" translate="no" title={group.members.slice(0, 40).join(", ")}>
              <span className={classes.previewName}>{group.name}</span>
              <span className={classes.previewMembers}>{group.members.slice(0, 12).join(", ")}</span>
              <span className="figures">{figures.format(group.members.length)}</span>
            </div>
          )}
        />
      </div>
    </>
  );
}

export function FaultyLines({ faults }: { faults: readonly Fault[] }) {
  const { t } = useTranslation();
  const words = (fault: Fault) => t("import.line", { line: fault.line });
  return (
    <>
      <div className={classes.verdict} data-kind="bad" data-testid="import-bad">
        <IconX size={20} />
        <p className="figures">{t("import.faulty", { count: faults.length })}</p>
      </div>
      <div className={classes.box}>
        <VirtualRows
          label={t("import.faults")}
          className={classes.boxRows}
          items={faults}
          rowHeight={44}
          keyOf={(fault) => `${fault.line} ${fault.reason}`}
          render={(fault) => (
            <div className={classes.line} data-testid="import-fault">
              <span className={`${classes.lineNumber} figures`}>{words(fault)}</span>
              <span className={classes.lineReason} title={fault.reason}>
                {fault.reason}
              </span>
            </div>
          )}
        />
      </div>
      <div>
        <CopyButton text={() => faults.map((fault) => `${words(fault)}: ${fault.reason}`).join("\n")} label={t("import.copy")} />
      </div>
    </>
  );
}
