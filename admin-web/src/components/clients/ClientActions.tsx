// What may be done with one client: write to it, give it a new key, have it missed, and shut it out.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClientView } from "../../api/types";
import { draft, edit } from "../../lib/draft";
import { maySend, session } from "../../lib/session";
import { useStore } from "../../lib/store";
import { IconBan, IconBell, IconSend } from "../icons";
import { ImportantDialog } from "./ImportantDialog";
import { RevokeDialog } from "./RevokeDialog";
import { RotateKey } from "./RotateKey";
import classes from "./Clients.module.css";

interface Props {
  client: ClientView;
  isAdmin: boolean;
  onClose: () => void;
}

export function ClientActions({ client, isAdmin, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const role = useStore(session)?.role;
  const [watching, setWatching] = useState(false);
  const [revoking, setRevoking] = useState(false);
  if (!maySend(role)) return null;

  function write(): void {
    draft.set((old) => edit(old, { whom: "branch", branch: client.name }));
    void navigate({ to: "/" }).then(() => requestAnimationFrame(() => document.getElementById("compose-text")?.focus()));
  }

  return (
    <div className={classes.actions}>
      <Button variant="default" size="sm" leftSection={<IconSend size={16} />} onClick={write}>
        {t("directory.write")}
      </Button>
      {isAdmin && <RotateKey client={client} />}
      {isAdmin && (
        <Button variant="default" size="sm" leftSection={<IconBell size={16} />} onClick={() => setWatching(true)}>
          {t("directory.act.important")}
        </Button>
      )}
      {isAdmin && (
        <Button variant="outline" color="red" size="sm" leftSection={<IconBan size={16} />} onClick={() => setRevoking(true)}>
          {t("directory.revoke")}
        </Button>
      )}
      <ImportantDialog
        chosen={{ names: [client.name] }}
        count={1}
        name={client.name}
        current={client.important_after_s ?? undefined}
        opened={watching}
        onClose={() => setWatching(false)}
      />
      <RevokeDialog name={client.name} opened={revoking} onClose={() => setRevoking(false)} onDone={onClose} />
    </div>
  );
}
