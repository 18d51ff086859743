// A time zone by its name, with those that the browser knows as suggestions.
import { Autocomplete } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { zones } from "../../lib/week";
import classes from "./Rules.module.css";

interface Props {
  value: string;
  onChange: (value: string) => void;
  error: string | null;
}

export function ZoneField({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  return <Autocomplete className={classes.grow} label={t("rules.onCall.zone")} value={value} onChange={onChange} data={zones()} limit={20} error={error} />;
}
