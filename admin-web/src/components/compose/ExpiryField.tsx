// How long an alert is worth showing: as is usual for its severity, one of the common times, or hours of one's own.
import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EXPIRIES, type Expiry, type OptionFlaw, type Options } from "../../lib/options";
import classes from "./Options.module.css";

interface Props {
  value: Options;
  change: (what: Partial<Options>) => void;
  complaint: (...names: OptionFlaw[]) => string | undefined;
}

const CHOICES: readonly Expiry[] = ["usual", ...EXPIRIES.map((seconds): Expiry => `${seconds}`), "own"];

export function ExpiryField({ value, change, complaint }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.row}>
      <NativeSelect
        className={classes.field}
        label={t("options.expiry")}
        description={t("options.expiryHint")}
        value={value.expiry}
        onChange={(event) => change({ expiry: CHOICES.find((one) => one === event.currentTarget.value) ?? "usual" })}
        data={CHOICES.map((one) => ({ value: one, label: t(`options.expires.${wordOf(one)}`) }))}
      />
      {value.expiry === "own" && (
        <TextInput
          id="compose-hours"
          className={classes.field}
          label={t("options.hours")}
          description={t("options.hoursHint")}
          inputMode="decimal"
          autoComplete="off"
          value={value.ownHours}
          error={complaint("expiry")}
          onChange={(event) => change({ ownHours: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

const WORDS = { 900: "quarter", 3600: "hour", 28800: "shift", 86400: "day", 604800: "week" } as const;

/** The name of a choice in the catalogues. */
export function wordOf(expiry: Expiry): "usual" | "own" | (typeof WORDS)[keyof typeof WORDS] {
  if (expiry === "usual" || expiry === "own") return expiry;
  const seconds = EXPIRIES.find((one) => `${one}` === expiry);
  return seconds ? WORDS[seconds] : "usual";
}
