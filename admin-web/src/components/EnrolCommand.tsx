// What to run on the PC; the code is said only here.
import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EnrolmentCode } from "../api/types";
import { enrolCommand, SYSTEMS, type System } from "../lib/enrol";
import { CopyButton } from "./CopyButton";
import { When } from "./When";
import classes from "./Dialogs.module.css";

interface Props {
  made: EnrolmentCode;
  /** None: a code for many, each of which takes its own name. */
  name: string | null;
  onAgain: () => void;
  onClose: () => void;
}

export function EnrolCommand({ made, name, onAgain, onClose }: Props) {
  const { t } = useTranslation();
  const [system, setSystem] = useState<System>("linux");
  const parts = enrolCommand(made, name, location.hostname, location.port, system);
  return (
    <div className={classes.form} data-testid="enrol-command">
      <p className={classes.lead}>{name === null ? t("enrol.runMany", { count: made.uses }) : t("enrol.run", { name })}</p>
      <SegmentedControl
        size="xs"
        aria-label={t("enrol.systemLabel")}
        value={system}
        onChange={(value) => setSystem(SYSTEMS.find((known) => known === value) ?? "linux")}
        data={SYSTEMS.map((value) => ({ value, label: t(`enrol.system.${value}`) }))}
      />
      <div className={classes.command}>
        <code translate="no">
          {parts.map((part) => (
            <span key={part}>
              <span className={classes.part}>{part}</span>{" "}
            </span>
          ))}
        </code>
      </div>
      <dl className={classes.said}>
        <dt>{t("enrol.code")}</dt>
        <dd>
          <code translate="no" data-testid="enrol-code">{made.code}</code>
          <CopyButton compact text={() => made.code} label={t("enrol.copyCode")} />
        </dd>
        <dt>{t("enrol.fingerprint")}</dt>
        <dd>
          <code translate="no">{made.ca_fingerprint}</code>
          <CopyButton compact text={() => made.ca_fingerprint} label={t("enrol.copyPrint")} />
        </dd>
        <dt>{t("enrol.expires")}</dt>
        <dd>
          <When at={made.expires_at} />
        </dd>
      </dl>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onAgain}>
          {t("enrol.another")}
        </Button>
        <CopyButton text={() => parts.join(" ")} label={t("enrol.copy")} />
        <Button onClick={onClose}>{t("done")}</Button>
      </div>
    </div>
  );
}
