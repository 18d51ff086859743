// Keeps an address out by hand, or trusts a network; both say why.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ban, trust, type BanWish } from "../../api/guard";
import { announce } from "../../lib/announce";
import { fieldErrors } from "../../lib/fields";
import dialogs from "../Dialogs.module.css";
import { Failure } from "../States";

interface Props {
  /** What the form begins with. */
  address: string;
  opened: boolean;
  onClose: () => void;
}

const MINUTES = [10, 60, 480, 1_440, 10_080, 43_200] as const;

export function BanForm({ opened, onClose, address }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("guard.banTitle")} closeButtonProps={{ "aria-label": t("close") }}>
      <Ban address={address} onClose={onClose} />
    </Modal>
  );
}

function Ban({ address, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [wish, setWish] = useState<BanWish>({ ip: address, minutes: 60, reason: "" });
  const save = useMutation({
    mutationFn: () => ban({ ...wish, ip: wish.ip.trim() }),
    onSuccess: () => {
      announce(t("guard.banned", { ip: wish.ip.trim() }));
      onClose();
    },
    onError: () => announce(t("guard.notSaved"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === field)?.reason ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }

  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <p className={dialogs.lead}>{t("guard.banLead")}</p>
      <TextInput
        data-autofocus
        label={t("guard.address")}
        value={wish.ip}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        error={fault("ip")}
        onChange={(event) => setWish({ ...wish, ip: event.currentTarget.value })}
      />
      <Select
        label={t("guard.for")}
        allowDeselect={false}
        value={String(wish.minutes)}
        data={MINUTES.map((minutes) => ({ value: String(minutes), label: t(`guard.minutes.${minutes}`) }))}
        error={fault("minutes")}
        onChange={(value) => setWish({ ...wish, minutes: Number(value ?? 60) })}
      />
      <TextInput
        label={t("guard.reason")}
        value={wish.reason}
        maxLength={200}
        autoComplete="off"
        error={fault("reason")}
        onChange={(event) => setWish({ ...wish, reason: event.currentTarget.value })}
      />
      {save.isError && faults.length === 0 && <Failure title={t("guard.notSaved")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" color="red" loading={save.isPending} data-testid="save-ban">
          {t("guard.ban")}
        </Button>
      </div>
    </form>
  );
}

export function TrustForm({ opened, onClose, address }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t("guard.trustTitle")} closeButtonProps={{ "aria-label": t("close") }}>
      <Trust address={address} onClose={onClose} />
    </Modal>
  );
}

function Trust({ address, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [network, setNetwork] = useState(address);
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: () => trust(network.trim(), reason),
    onSuccess: () => {
      announce(t("guard.trustedNow", { network: network.trim() }));
      onClose();
    },
    onError: () => announce(t("guard.notSaved"), "assertive"),
  });
  const faults = fieldErrors(save.error);
  const fault = (field: string) => faults.find((one) => one.field === field)?.reason ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }

  return (
    <form className={dialogs.form} onSubmit={submit} noValidate aria-busy={save.isPending}>
      <p className={dialogs.lead}>{t("guard.trustLead")}</p>
      <TextInput
        data-autofocus
        label={t("guard.network")}
        placeholder="10.20.0.0/16"
        value={network}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        error={fault("network")}
        onChange={(event) => setNetwork(event.currentTarget.value)}
      />
      <TextInput
        label={t("guard.reason")}
        value={reason}
        maxLength={200}
        autoComplete="off"
        error={fault("reason")}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {save.isError && faults.length === 0 && <Failure title={t("guard.notSaved")} error={save.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="save-trusted">
          {t("guard.trust")}
        </Button>
      </div>
    </form>
  );
}
