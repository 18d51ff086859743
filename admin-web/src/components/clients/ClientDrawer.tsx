// One client as a whole, beside the list it was found in. The address names it, so it can be sent to somebody.
import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clientQuery } from "../../api/clients";
import type { ClientView } from "../../api/types";
import { isMissing } from "../../lib/fields";
import { IconDevicesPc } from "../icons";
import { Empty, Failure, SkeletonRows } from "../States";
import { ClientActions } from "./ClientActions";
import { ClientFacts } from "./ClientFacts";
import { Conflicts, Groups, Waiting } from "./ClientParts";
import { ConnectionHistory } from "./ConnectionHistory";
import classes from "./Clients.module.css";

interface Props {
  name: string | null;
  isAdmin: boolean;
  onClose: () => void;
}

export function ClientDrawer({ name, isAdmin, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={name !== null}
      onClose={onClose}
      position="right"
      size={560}
      title={<span translate="no">{name}</span>}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {name !== null && <Found key={name} name={name} isAdmin={isAdmin} onClose={onClose} />}
    </Drawer>
  );
}

function Found({ name, isAdmin, onClose }: Props & { name: string }) {
  const { t } = useTranslation();
  const found = useQuery(clientQuery(name));
  const gone = isMissing(found.error);
  if (gone) return <Empty icon={<IconDevicesPc size={20} />} title={t("directory.gone", { name })}>{t("directory.goneHint")}</Empty>;
  if (found.isPending) return <SkeletonRows rows={8} />;
  if (!found.data) return <Failure title={t("directory.oneFailed")} error={found.error} onRetry={() => void found.refetch()} />;
  return <Detail client={found.data} isAdmin={isAdmin} onClose={onClose} />;
}

function Detail({ client, isAdmin, onClose }: { client: ClientView; isAdmin: boolean; onClose: () => void }) {
  return (
    <div className={classes.detail} data-testid="client-detail">
      <ClientActions client={client} isAdmin={isAdmin} onClose={onClose} />
      <ClientFacts client={client} />
      <Conflicts conflicts={client.conflicts} />
      <Waiting client={client} />
      <Groups names={client.groups} />
      <ConnectionHistory name={client.name} />
    </div>
  );
}
