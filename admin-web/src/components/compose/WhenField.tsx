// When an alert is sent: now, or later at a local time, once or again and again.
import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { OptionFlaw, Options } from "../../lib/options";
import { EVERY, localTime, ownZone } from "../../lib/options";
import classes from "./Options.module.css";

interface Props {
  value: Options;
  change: (what: Partial<Options>) => void;
  complaint: (...names: OptionFlaw[]) => string | undefined;
  /** Now is a choice too. */
  optional?: boolean;
}

export function WhenField({ value, change, complaint, optional = false }: Props) {
  const { t } = useTranslation();
  const label = useId();
  const now = new Date();
  return (
    <div className={classes.when}>
      {optional && (
        <>
          <span id={label} className={classes.label}>
            {t("options.when")}
          </span>
          <SegmentedControl
            aria-labelledby={label}
            className={classes.choices}
            value={value.later ? "later" : "now"}
            onChange={(when) => change({ later: when === "later", at: value.at || localTime(now.getTime() + 3_600_000) })}
            data={[
              { value: "now", label: t("options.now") },
              { value: "later", label: t("options.later") },
            ]}
          />
        </>
      )}
      {value.later && (
        <div className={classes.row}>
          <TextInput
            id="compose-at"
            className={classes.field}
            type="datetime-local"
            label={t("options.at")}
            description={t("options.zone", { zone: ownZone().replaceAll("_", " ") })}
            min={localTime(now.getTime())}
            value={value.at}
            error={complaint("no_time", "past", "too_far")}
            onChange={(event) => change({ at: event.currentTarget.value })}
          />
          <NativeSelect
            className={classes.field}
            label={t("options.repeat")}
            value={value.repeat}
            onChange={(event) => change({ repeat: EVERY.find((one) => one === event.currentTarget.value) ?? "once" })}
            data={[{ value: "once", label: t("options.every.once") }, ...EVERY.map((one) => ({ value: one, label: t(`options.every.${one}`) }))]}
          />
          {value.repeat !== "once" && (
            <TextInput
              id="compose-until"
              className={classes.field}
              type="date"
              label={t("options.until")}
              value={value.until}
              error={complaint("until_early")}
              onChange={(event) => change({ until: event.currentTarget.value })}
            />
          )}
        </div>
      )}
    </div>
  );
}
