// Which days: a usual span, or from a day to a day. The address keeps it.
import { Button, Popover, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { flaw, SPANS, USUAL, type Ranged, type Span } from "../../lib/range";
import classes from "./Statistics.module.css";

interface Props {
  range: Ranged;
  days: { from: string; to: string };
  onChange: (range: Ranged) => void;
}

const OWN = "own";

export function RangePicker({ range, days, onChange }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const isOwn = range.from !== undefined;
  const choose = (value: string) => {
    if (value === OWN) return;
    const span = Number(value) as Span;
    onChange(span === USUAL ? {} : { days: span });
  };
  return (
    <div className={classes.range}>
      <SegmentedControl
        aria-label={t("statistics.range")}
        value={isOwn ? OWN : String(range.days ?? USUAL)}
        onChange={choose}
        data={SPANS.map((span) => ({ value: String(span), label: t("statistics.days", { count: span }) }))}
      />
      <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" withinPortal={false} trapFocus>
        <Popover.Target>
          <Button variant={isOwn ? "light" : "default"} onClick={() => setOpened((old) => !old)}>
            {isOwn ? `${range.from} – ${range.to}` : t("statistics.own")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <OwnRange
            key={String(opened)}
            {...days}
            onPick={(own) => {
              setOpened(false);
              onChange(own);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function OwnRange({ from: first, to: last, onPick }: { from: string; to: string; onPick: (range: Ranged) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const wrong = from && to ? flaw(from, to) : "order";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onPick({ from, to });
  };
  return (
    <form className={classes.own} onSubmit={submit}>
      <TextInput type="date" label={t("statistics.from")} value={from} max={to} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput
        type="date"
        label={t("statistics.to")}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={wrong && t(`statistics.flaw.${wrong}`)}
      />
      <Button type="submit" disabled={wrong !== null}>
        {t("statistics.show")}
      </Button>
    </form>
  );
}
