// What may be done with the clients that are selected; below the list, so that no row moves under the pointer.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Chosen } from "../../api/clients";
import { IconBan, IconBell, IconUsersGroup } from "../icons";
import { BulkRevokeDialog } from "./BulkRevokeDialog";
import { GroupDialog } from "./GroupDialog";
import { ImportantDialog } from "./ImportantDialog";
import classes from "./Clients.module.css";

interface Props {
  chosen: Chosen;
  count: number;
  total: number;
  /** Selects all that the filter shows; not offered when all are. */
  onAll: (() => void) | null;
  onNone: () => void;
}

type Opened = "group" | "important" | "revoke";

export function BulkBar({ chosen, count, total, onAll, onNone }: Props) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState<Opened | null>(null);
  const figures = new Intl.NumberFormat(i18n.language);
  const close = () => setOpened(null);
  const name = "names" in chosen ? (chosen.names[0] ?? "") : "";
  const dialog = { chosen, count, onClose: close, onDone: onNone };
  return (
    <div className={classes.bulk} role="region" aria-label={t("directory.act.picked", { count, figure: figures.format(count) })} data-testid="bulk">
      <strong className="figures">{t("directory.act.picked", { count, figure: figures.format(count) })}</strong>
      {onAll && (
        <Button variant="subtle" size="compact-sm" onClick={onAll}>
          {t("directory.act.pickAll", { count: total, figure: figures.format(total) })}
        </Button>
      )}
      <Button variant="subtle" size="compact-sm" onClick={onNone}>
        {t("directory.act.none")}
      </Button>
      <span className={classes.bulkActs}>
        <Button variant="default" size="xs" leftSection={<IconUsersGroup size={16} />} onClick={() => setOpened("group")}>
          {t("directory.act.group")}
        </Button>
        <Button variant="default" size="xs" leftSection={<IconBell size={16} />} onClick={() => setOpened("important")}>
          {t("directory.act.important")}
        </Button>
        <Button variant="outline" color="red" size="xs" leftSection={<IconBan size={16} />} onClick={() => setOpened("revoke")}>
          {t("directory.act.revoke")}
        </Button>
      </span>
      <GroupDialog {...dialog} opened={opened === "group"} />
      <ImportantDialog {...dialog} name={name} opened={opened === "important"} />
      <BulkRevokeDialog {...dialog} opened={opened === "revoke"} />
    </div>
  );
}
