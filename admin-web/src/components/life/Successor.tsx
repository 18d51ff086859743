// An alert that corrects another, or was corrected, says so above everything else.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AlertDetail } from "../../api/types";
import { IconChevronRight, IconPencil } from "../icons";
import classes from "./Life.module.css";

export function Successor({ alert }: { alert: AlertDetail }) {
  const { t } = useTranslation();
  const other = alert.replaced_by ?? alert.replaces;
  if (!other) return null;
  const stands = !alert.replaced_by;
  return (
    <p className={classes.successor} data-stands={stands || undefined} data-testid="successor">
      <IconPencil size={18} />
      <span>{t(stands ? "life.isCorrection" : "life.isCorrected")}</span>
      <Link to="/alerts/$id" params={{ id: other }} className={classes.successorLink}>
        {t(stands ? "life.toOld" : "life.toNew")}
        <IconChevronRight size={16} />
      </Link>
    </p>
  );
}
