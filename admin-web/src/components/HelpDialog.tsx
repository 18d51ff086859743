// The keyboard shortcuts, and the switch that turns the one-letter ones off.
import { Kbd, Modal, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { link } from "../api/socket";
import { placesOf } from "../lib/places";
import { session } from "../lib/session";
import { shortcutsOn } from "../lib/shortcuts";
import { useSelected, useStore } from "../lib/store";
import { PLACES } from "./nav";
import classes from "./Dialogs.module.css";

const KEYS = [
  ["n", "help.new"],
  ["/", "help.search"],
  ["?", "help.help"],
] as const;

export function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const on = useStore(shortcutsOn);
  const role = useStore(session)?.role;
  const version = useSelected(link, ({ hello }) => hello?.version);
  return (
    <Modal opened={opened} onClose={onClose} title={t("help.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <dl className={classes.keys}>
        {KEYS.map(([key, what]) => (
          <div key={key} data-off={!on || undefined}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
        {placesOf(PLACES, role).map(({ to, key, label }) =>
          key === undefined ? null : (
            <div key={to} data-off={!on || undefined}>
              <dt>
                <Kbd>g</Kbd> {t("help.then")} <Kbd>{key}</Kbd>
              </dt>
              <dd>{t("help.go", { place: t(label) })}</dd>
            </div>
          ),
        )}
        <div>
          <dt>
            <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
          </dt>
          <dd>{t("help.palette")}</dd>
        </div>
        <div>
          <dt>
            <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
          </dt>
          <dd>{t("help.send")}</dd>
        </div>
      </dl>
      <Switch
        checked={on}
        onChange={(event) => shortcutsOn.set(event.currentTarget.checked)}
        label={t("help.switch")}
        description={t("help.switchHint")}
      />
      <p className={classes.about}>
        Pregón {version} ·{" "}
        <a href="/licenses.md" target="_blank" rel="noreferrer">
          {t("help.licenses")}
        </a>
      </p>
    </Modal>
  );
}
