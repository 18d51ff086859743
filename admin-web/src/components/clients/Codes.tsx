// Enrolment codes that still work: for whom, how often, until when, by whom; and making one useless.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dropCode, enrolmentsQuery } from "../../api/clients";
import type { Enrolment } from "../../api/types";
import { dialog } from "../../lib/dialog";
import { ConfirmDelete } from "../ConfirmDelete";
import { IconDeviceDesktopPlus, IconKey } from "../icons";
import { Section } from "../Section";
import { Empty, Failure, SkeletonRows } from "../States";
import { When } from "../When";
import classes from "./Clients.module.css";

export function Codes() {
  const { t } = useTranslation();
  const list = useQuery(enrolmentsQuery);
  const [dropping, setDropping] = useState<Enrolment | null>(null);
  const [asked, setAsked] = useState(false);
  const id = dropping?.id ?? 0;
  const add = (
    <Button variant="default" size="sm" leftSection={<IconDeviceDesktopPlus size={18} />} onClick={() => dialog.set("enrol")}>
      {t("enrol.make")}
    </Button>
  );
  return (
    <Section title={t("enrol.codes")} aside={list.data && <span className="figures">{list.data.length}</span>}>
      {list.isPending && <SkeletonRows rows={4} height={56} />}
      {list.isError && !list.data && <Failure title={t("enrol.codesFailed")} error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <Empty icon={<IconKey size={20} />} title={t("enrol.codesEmpty")} action={add}>
          {t("enrol.codesEmptyHint")}
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <>
          <p className={classes.above}>{t("enrol.codesHint")}</p>
          <ul className={classes.codes}>
            {list.data.map((code) => (
              <Code key={code.id} code={code} onDrop={() => { setDropping(code); setAsked(true); }} />
            ))}
          </ul>
        </>
      )}
      <ConfirmDelete
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("enrol.dropTitle", { id })}
        lead={t("enrol.dropLead")}
        verb={t("enrol.drop")}
        failed={t("enrol.dropFailed")}
        done={t("enrol.dropDone", { id })}
        remove={() => dropCode(id)}
      />
    </Section>
  );
}

function Code({ code, onDrop }: { code: Enrolment; onDrop: () => void }) {
  const { t, i18n } = useTranslation();
  const figures = new Intl.NumberFormat(i18n.language);
  return (
    <li className={classes.code} data-testid="code">
      <span className={`${classes.codeId} figures`}>{code.id}</span>
      <span className={classes.codeWords}>
        <span className={classes.codeName} translate={code.name ? "no" : undefined}>
          {code.name ?? t("enrol.anyName")}
        </span>
        <span className={classes.soft}>
          {t("enrol.usesLeft", { left: figures.format(code.uses - code.used), all: figures.format(code.uses) })} · {t("enrol.expires")}{" "}
          <When at={code.expires_at} /> · {t("enrol.by", { user: code.created_by })}
        </span>
      </span>
      <Button variant="default" size="xs" onClick={onDrop}>
        {t("enrol.drop")}
      </Button>
    </li>
  );
}
