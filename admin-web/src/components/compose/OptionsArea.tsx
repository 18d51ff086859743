// The choices beyond the words, folded away until somebody wants one: when, for how long, which answers, exercise.
import { Switch, UnstyledButton } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Flaw } from "../../lib/draft";
import { chosen, type Options } from "../../lib/options";
import { IconChevronDown } from "../icons";
import { ExpiryField } from "./ExpiryField";
import { RepliesField } from "./RepliesField";
import { WhenField } from "./WhenField";
import classes from "./Options.module.css";

interface Props {
  value: Options;
  change: (what: Partial<Options>) => void;
  complaint: (...names: Flaw[]) => string | undefined;
  opened: boolean;
  onToggle: () => void;
}

export function OptionsArea({ value, change, complaint, opened, onToggle }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const count = chosen(value);
  return (
    <div className={classes.area}>
      <UnstyledButton className={classes.toggle} aria-expanded={opened} aria-controls={opened ? id : undefined} onClick={onToggle} data-testid="options">
        <IconChevronDown size={16} className={classes.arrow} data-open={opened || undefined} />
        <span>{t("options.title")}</span>
        <span className={classes.chosen}>{count > 0 ? t("options.chosen", { count }) : t("options.none")}</span>
      </UnstyledButton>
      {opened && (
        <div id={id} className={classes.fields}>
          <WhenField value={value} change={change} complaint={complaint} optional />
          <ExpiryField value={value} change={change} complaint={complaint} />
          <RepliesField value={value} change={change} />
          <Switch
            label={t("options.drill")}
            description={t("options.drillHint")}
            checked={value.drill}
            onChange={(event) => change({ drill: event.currentTarget.checked })}
          />
        </div>
      )}
    </div>
  );
}
