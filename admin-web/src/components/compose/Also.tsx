// Several groups and branches at once: what is collected so far, and the button that collects.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { audienceWords } from "../../lib/audience";
import { chosenOf, collected, isSame, type Target } from "../../lib/draft";
import { IconPlus, IconX } from "../icons";
import classes from "./Compose.module.css";

interface Props {
  value: Target;
  onChange: (what: Partial<Target>) => void;
}

export function Also({ value, onChange }: Props) {
  const { t } = useTranslation();
  if (value.whom === "everybody") return null;
  const chosen = chosenOf(value);
  return (
    <div className={classes.also} role="group" aria-label={t("compose.also")}>
      {value.also.map((one) => (
        <Button
          key={`${one.kind} ${one.name}`}
          className={classes.alsoOne ?? ""}
          variant="default"
          size="compact-sm"
          rightSection={<IconX size={14} />}
          aria-label={t("compose.withoutOne", { whom: audienceWords([one], t) })}
          data-testid="also"
          onClick={() => onChange({ also: value.also.filter((other) => !isSame(one, other)) })}
        >
          {audienceWords([one], t)}
        </Button>
      ))}
      {chosen && (
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} data-testid="another" onClick={() => onChange(collected(value))}>
          {t("compose.another")}
        </Button>
      )}
    </div>
  );
}
