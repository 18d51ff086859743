// A new key for one client: nothing is lost by asking, so one dialog that says what follows is enough. Until the PC has made it,
// it can be called off.
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { keepKey, rotateKey } from "../../api/clients";
import type { ClientView } from "../../api/types";
import { announce } from "../../lib/announce";
import { reasonWords } from "../../lib/fields";
import { toast } from "../../lib/toast";
import dialogs from "../Dialogs.module.css";
import { IconKey } from "../icons";
import { Failure } from "../States";
import { When } from "../When";
import classes from "./Clients.module.css";

export function RotateKey({ client }: { client: ClientView }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  if (client.rotation.state === "asked") return <CallOff name={client.name} />;
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconKey size={16} />} disabled={client.rotation.state === "offered"} onClick={() => setOpened(true)}>
        {t("directory.rotate")}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("directory.rotateTitle", { name: client.name })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Ask client={client} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

/** Nothing has happened yet, so one press takes it back. */
function CallOff({ name }: { name: string }) {
  const { t } = useTranslation();
  const calling = useMutation({
    mutationFn: () => keepKey(name),
    onSuccess: () => announce(t("directory.keepKeyDone", { name })),
    onError: (error) => {
      const why = error instanceof ApiError ? reasonWords(error.problem) : undefined;
      toast({ color: "orange", message: why ?? t("directory.keepKeyFailed") });
    },
  });
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconKey size={16} />}
      loading={calling.isPending}
      onClick={() => calling.mutate()}
      data-testid="keep-key"
    >
      {t("directory.keepKey")}
    </Button>
  );
}

function Ask({ client, onClose }: { client: ClientView; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = client;
  const asking = useMutation({
    mutationFn: () => rotateKey(name),
    onSuccess: () => {
      announce(t("directory.rotateDone", { name }));
      onClose();
    },
  });
  return (
    <div className={dialogs.form}>
      <p>{t(client.online ? "directory.rotateNow" : "directory.rotateLater")}</p>
      <p>{t("directory.rotateLead")}</p>
      {asking.isError && <Failure title={t("directory.rotateFailed")} error={asking.error} />}
      <div className={dialogs.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button loading={asking.isPending} onClick={() => asking.mutate()} data-testid="confirm-rotate">
          {t("directory.rotate")}
        </Button>
      </div>
    </div>
  );
}

/** Since when the key is good, and how far a new one is. */
export function KeyState({ client }: { client: ClientView }) {
  const { t } = useTranslation();
  const { state, asked_at: askedAt } = client.rotation;
  return (
    <dd data-testid="client-key" data-state={state}>
      <When at={client.key_since} />
      {state !== "none" && (
        <span className={classes.soft}>
          {t(`directory.keyState.${state}`)}
          {askedAt && (
            <>
              {" "}
              (<When at={askedAt} />)
            </>
          )}
        </span>
      )}
    </dd>
  );
}
