// What stands where data would be: a shape while it loads, an explanation when there is none, a way out when it failed.
import { Button } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { reasonWords } from "../lib/fields";
import { IconRefresh } from "./icons";
import classes from "./States.module.css";

/** True once `active` has lasted `wait` milliseconds: what comes quickly needs no skeleton. */
function useLasting(active: boolean, wait: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!active) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), wait);
    return () => clearTimeout(timer);
  }, [active, wait]);
  return active && lasting;
}

export function SkeletonRows({ rows, height = 36 }: { rows: number; height?: number }) {
  const { t } = useTranslation();
  const shown = useLasting(true, 200);
  return (
    <div className={classes.skeleton} role="status" style={{ minHeight: rows * height }}>
      <span className="visually-hidden">{t("state.loading")}</span>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          <div key={index} className={classes.bone} style={{ height }} aria-hidden>
            <span style={{ width: `${38 + ((index * 23) % 40)}%` }} />
            <span style={{ width: "12%" }} />
          </div>
        ))}
    </div>
  );
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={classes.empty}>
      {icon && <span className={classes.emptyIcon}>{icon}</span>}
      <p className={classes.emptyTitle}>{title}</p>
      {children && <p className={classes.emptyText}>{children}</p>}
      {action}
    </div>
  );
}

interface FailureProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
}

export function Failure({ title, error, onRetry }: FailureProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.failure} role="alert">
      <p className={classes.emptyTitle}>{title}</p>
      <p className={classes.emptyText}>{useReason(error)}</p>
      {onRetry && (
        <Button variant="default" size="sm" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          {t("state.retry")}
        </Button>
      )}
    </div>
  );
}

/** An error in words for people. */
export function useReason(error: unknown): string {
  const { t } = useTranslation();
  if (!(error instanceof ApiError)) return t("state.unexpected");
  if (error.unreachable) return t("state.unreachable");
  if (error.status === 403) return t("state.forbidden");
  if (error.status === 404) return t("state.notFound");
  if (error.status === 429) return t("state.tooMany");
  const said = reasonWords(error.problem);
  if (said) return said;
  if (error.status === 422) return t("state.fields");
  if (error.problem.type === "/problems/not-saved") return t("state.notSaved");
  if (error.problem.type === "/problems/slow") return t("state.slow");
  return error.problem.detail ?? error.problem.title ?? t("state.refused", { status: error.status });
}
