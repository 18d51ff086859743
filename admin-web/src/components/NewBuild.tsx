// Says that the hub serves another build of the panel than the one that runs here.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { link } from "../api/socket";
import { useSelected } from "../lib/store";
import { IconRefresh } from "./icons";
import classes from "./NewBuild.module.css";

const mine = document.querySelector<HTMLMetaElement>('meta[name="pregon-build"]')?.content;

export function NewBuild() {
  const { t } = useTranslation();
  const served = useSelected(link, ({ hello }) => hello?.build);
  if (!served || !mine || served === mine) return null;
  return (
    <div className={classes.banner} role="status">
      <p>{t("build.changed")}</p>
      <Button variant="default" size="xs" leftSection={<IconRefresh size={16} />} onClick={() => location.reload()}>
        {t("build.reload")}
      </Button>
    </div>
  );
}
