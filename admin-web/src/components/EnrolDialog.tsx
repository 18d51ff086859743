// "Add a branch PC": makes a code for one or for many and shows the command that uses it.
import { Button, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { makeCode } from "../api/clients";
import { fieldErrors } from "../lib/fields";
import { LIVES, MOST_USES } from "../lib/enrol";
import { EnrolCommand } from "./EnrolCommand";
import { Failure } from "./States";
import classes from "./Dialogs.module.css";

export function EnrolDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("enrol.title")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <EnrolForm onClose={onClose} />
    </Modal>
  );
}

const KINDS = ["one", "many"] as const;

function EnrolForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("one");
  const [name, setName] = useState("");
  const [uses, setUses] = useState("50");
  const [life, setLife] = useState("86400");
  const make = useMutation({ mutationFn: makeCode });
  const isMany = kind === "many";
  const count = /^\d{1,5}$/.test(uses.trim()) ? Number(uses) : 0;
  const isReady = isMany ? count >= 1 && count <= MOST_USES : name.trim() !== "";
  const faulty = fieldErrors(make.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady) make.mutate({ ...(!isMany && { name: name.trim() }), uses: isMany ? count : 1, expires_in_s: Number(life) });
  }

  if (make.data) {
    return <EnrolCommand made={make.data} name={isMany ? null : name.trim()} onAgain={() => { make.reset(); setName(""); }} onClose={onClose} />;
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <SegmentedControl
        fullWidth
        aria-label={t("enrol.kindLabel")}
        value={kind}
        onChange={(value) => setKind(value === "many" ? "many" : "one")}
        data={KINDS.map((value) => ({ value, label: t(`enrol.kind.${value}`) }))}
      />
      <p className={classes.lead}>{t(isMany ? "enrol.leadMany" : "enrol.lead")}</p>
      {isMany ? (
        <TextInput
          key="uses"
          label={t("enrol.uses")}
          description={t("enrol.usesHint", { most: new Intl.NumberFormat(i18n.language).format(MOST_USES) })}
          inputMode="numeric"
          autoComplete="off"
          value={uses}
          error={faulty.find(({ field }) => field === "uses")?.reason}
          onChange={(event) => setUses(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          key="name"
          data-autofocus
          label={t("enrol.name")}
          description={t("enrol.nameHint")}
          value={name}
          maxLength={64}
          autoComplete="off"
          error={faulty.find(({ field }) => field === "name")?.reason}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <Select
        label={t("enrol.life")}
        allowDeselect={false}
        data={LIVES.map((seconds) => ({ value: String(seconds), label: t(`enrol.lives.${seconds}`) }))}
        value={life}
        onChange={(value) => value && setLife(value)}
      />
      {make.isError && faulty.length === 0 && <Failure title={t("enrol.failed")} error={make.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={make.isPending} disabled={!isReady}>
          {t("enrol.make")}
        </Button>
      </div>
    </form>
  );
}
