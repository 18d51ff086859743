// Ctrl+K: one field that leads anywhere. The field keeps the focus; arrows move through the list, Enter goes.
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types";
import { moved } from "../../lib/palette";
import { IconSearch } from "../icons";
import { useOffers, type Action } from "./offers";
import classes from "./Palette.module.css";

interface Props {
  role: Role;
  onClose: () => void;
  onLeave: () => void;
}

const ASK_MS = 150;

export function Palette({ role, onClose, onLeave }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, ASK_MS);
  const [wanted, setAt] = useState(0);
  const list = useId();
  const { offers, failed } = useOffers(typed, asked, role, onLeave);
  const at = Math.min(wanted, Math.max(0, offers.length - 1));
  const option = (index: number) => `${list}-${index}`;
  const close = useClosing(onClose);
  const run = (offer: Action | undefined) => {
    if (!offer) return;
    close();
    offer.run();
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) setAt(moved(at, by, offers.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(offers[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      centered={false}
      size={560}
      padding={0}
      returnFocus={false}
      attributes={{ content: { "aria-label": t("palette.open") } }}
    >
      <div className={classes.field}>
        <IconSearch size={18} />
        <input
          data-autofocus
          className={classes.input}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={offers.length > 0 ? option(at) : undefined}
          aria-label={t("palette.search")}
          placeholder={t("palette.search")}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <Offers id={list} offers={offers} at={at} option={option} onPick={run} />
      {offers.length === 0 && <p className={classes.nothing}>{t("palette.nothing")}</p>}
      {failed && <p className={classes.failed}>{t("palette.failed")}</p>}
      <p className="visually-hidden" role="status">
        {typed && t("palette.found", { count: offers.length })}
      </p>
    </Modal>
  );
}

/** Gives the focus back to where it was; a page that opens takes it from there. */
function useClosing(onClose: () => void): () => void {
  const before = useRef(document.activeElement);
  return () => {
    onClose();
    const { current } = before;
    if (current instanceof HTMLElement) requestAnimationFrame(() => current.focus());
  };
}

interface OffersProps {
  id: string;
  offers: readonly Action[];
  at: number;
  option: (index: number) => string;
  onPick: (offer: Action) => void;
}

function Offers({ id, offers, at, option, onPick }: OffersProps) {
  const { t } = useTranslation();
  const active = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which React would take for a clean-up.
    void active.current?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <div id={id} role="listbox" aria-label={t("palette.open")} className={classes.list} hidden={offers.length === 0}>
      {offers.map((offer, index) => (
        <div key={offer.id} role="presentation">
          {offer.section !== offers[index - 1]?.section && (
            <p className={classes.section} role="presentation">
              {t(`palette.${offer.section}`)}
            </p>
          )}
          <div
            id={option(index)}
            ref={index === at ? active : undefined}
            role="option"
            aria-selected={index === at}
            className={classes.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(offer)}
          >
            {offer.icon}
            <span>{offer.label}</span>
          </div>
        </div>
      ))}
    </div>
  );
}
