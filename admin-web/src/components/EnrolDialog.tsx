// "Add a branch PC": makes a one-time code and shows the command that uses it.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../api/client";
import type { EnrolmentCode } from "../api/types";
import { enrolCommand } from "../lib/enrol";
import { CopyButton } from "./CopyButton";
import { Failure } from "./States";
import { When } from "./When";
import classes from "./Dialogs.module.css";

export function EnrolDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("enrol.title")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <EnrolForm onClose={onClose} />
    </Modal>
  );
}

function EnrolForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: (wanted: string) => unwrap(api.POST("/api/enrolments", { body: { name: wanted, uses: 1 } })),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim()) make.mutate(name.trim());
  }

  if (make.data) return <Command made={make.data} name={name.trim()} onAgain={() => { make.reset(); setName(""); }} onClose={onClose} />;
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.lead}>{t("enrol.lead")}</p>
      <TextInput
        data-autofocus
        label={t("enrol.name")}
        description={t("enrol.nameHint")}
        value={name}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {make.isError && <Failure title={t("enrol.failed")} error={make.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
          {t("enrol.make")}
        </Button>
      </div>
    </form>
  );
}

interface CommandProps {
  made: EnrolmentCode;
  name: string;
  onAgain: () => void;
  onClose: () => void;
}

/** What to run on the PC; the code is said only here. */
function Command({ made, name, onAgain, onClose }: CommandProps) {
  const { t } = useTranslation();
  const parts = enrolCommand(made, name, location.hostname, location.port);
  return (
    <div className={classes.form}>
      <p className={classes.lead}>{t("enrol.run", { name: name })}</p>
      <div className={classes.command}>
        <code translate="no">
          {parts.map((part) => (
            <span key={part}>
              <span className={classes.part}>{part}</span>{" "}
            </span>
          ))}
        </code>
      </div>
      <p className={classes.lead}>
        {t("enrol.until")} <When at={made.expires_at} />
      </p>
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
