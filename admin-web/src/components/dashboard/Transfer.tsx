// The page's buttons: demonstration, export, import. Import and demonstration ask first and say what they will do.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { eventsHeard, exportAll, importEvents, recordDemo } from "../../api/events";
import { queryClient } from "../../api/queries";
import { ApiError } from "../../api/client";
import { eventsOf } from "../../lib/eventFile";
import { faultsIn } from "../../lib/fields";
import { save } from "../../lib/save";
import { toast } from "../../lib/toast";
import dialogs from "../Dialogs.module.css";
import { IconChartBar, IconDownload, IconUpload } from "../icons";
import { Failure } from "../States";
import classes from "./Dashboard.module.css";

export function Transfer({ maySend, isAdmin }: { maySend: boolean; isAdmin: boolean }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const demo = useMutation({
    mutationFn: recordDemo,
    onSuccess: () => {
      setAsking(false);
      eventsHeard();
      toast({ message: t("dashboard.demo.done") });
    },
  });
  const exported = useMutation({
    mutationFn: exportAll,
    onSuccess: (file) => save(file, `pregon-events-${new Date().toISOString().slice(0, 10)}.json`),
    onError: () => toast({ color: "orange", message: t("dashboard.transfer.notExported") }),
  });
  return (
    <>
      {maySend && (
        <Button variant="default" size="sm" leftSection={<IconChartBar size={16} />} onClick={() => setAsking(true)}>
          {t("dashboard.demo.open")}
        </Button>
      )}
      <Button variant="default" size="sm" leftSection={<IconDownload size={16} />} loading={exported.isPending} onClick={() => exported.mutate()}>
        {t("dashboard.transfer.export")}
      </Button>
      {isAdmin && <Import />}
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("dashboard.demo.title")} closeButtonProps={{ "aria-label": t("close") }} onExitTransitionEnd={demo.reset}>
        <div className={dialogs.form}>
          <p>{t("dashboard.demo.lead")}</p>
          {demo.isError && <Failure title={t("dashboard.demo.failed")} error={demo.error} />}
          <div className={dialogs.buttons}>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t("cancel")}
            </Button>
            <Button loading={demo.isPending} onClick={() => demo.mutate()}>
              {t("dashboard.demo.send")}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}

function Import() {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState(false);
  const look = useMutation({
    mutationFn: async (file: File) => {
      const events = eventsOf(await file.text());
      const { imported } = await importEvents(events, true);
      return { events, imported };
    },
  });
  const write = useMutation({
    mutationFn: async () => importEvents(look.data?.events ?? [], false),
    onSuccess: ({ imported }) => {
      setOpened(false);
      void queryClient.invalidateQueries({ queryKey: ["events"] });
      eventsHeard();
      toast({ message: t("dashboard.transfer.done", { count: imported }) });
    },
  });
  const choose = (file: File | undefined) => {
    if (!file) return;
    write.reset();
    setOpened(true);
    look.mutate(file);
  };
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconUpload size={16} />} onClick={() => input.current?.click()}>
        {t("dashboard.transfer.import")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("dashboard.transfer.import")}
        data-testid="event-file"
        onChange={(event) => {
          choose(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <Modal opened={opened} onClose={() => setOpened(false)} title={t("dashboard.transfer.title")} closeButtonProps={{ "aria-label": t("close") }}>
        <div className={dialogs.form} aria-busy={look.isPending}>
          {look.isPending && <p>{t("state.loading")}</p>}
          {look.isError && <Faults error={look.error} />}
          {look.data && <p data-testid="import-preview">{t("dashboard.transfer.would", { count: look.data.imported })}</p>}
          {write.isError && <Faults error={write.error} />}
          <div className={dialogs.buttons}>
            <Button variant="default" data-autofocus onClick={() => setOpened(false)}>
              {t("cancel")}
            </Button>
            <Button disabled={!look.data || look.data.imported === 0} loading={write.isPending} onClick={() => write.mutate()}>
              {t("dashboard.transfer.write")}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}

function Faults({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const faults = faultsIn(error);
  if (error instanceof ApiError && faults.length === 0) return <Failure title={t("dashboard.transfer.failed")} error={error} />;
  return (
    <div className={classes.answer} data-status="failed" role="alert" data-testid="import-faults">
      <strong>{t("dashboard.transfer.faulty")}</strong>
      {faults.map((fault) => (
        <code key={fault.field ?? ""} translate="no">
          {fault.field}: {fault.reason}
        </code>
      ))}
    </div>
  );
}
