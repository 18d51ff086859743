// What the hub is and what its configuration says: to look at, not to change.
import { useTranslation } from "react-i18next";
import type { HubConfig } from "../../api/types";
import { useNow } from "../../lib/clock";
import charts from "../charts/Charts.module.css";
import { Section } from "../Section";
import classes from "./Settings.module.css";

export function HubFacts({ config }: { config: HubConfig }) {
  const { t } = useTranslation();
  const { details } = config;
  const validity = useValidity(details?.certificate_ends_at);
  return (
    <Section title={t("settings.hub")}>
      <dl className={classes.facts}>
        <Fact name={t("settings.version")} value={config.version} />
        <Fact name={t("settings.https")} value={config.https} />
        <Fact name={t("settings.events")} value={config.events} />
        {config.events_tls && <Fact name={t("settings.eventsTls")} value={config.events_tls} />}
        {details && <Fact name={t("settings.data")} value={details.data} />}
        {details && <Fact name={t("settings.certificate")} value={validity} />}
        {details && <Fact name={t("settings.ca")} value={details.ca_fingerprint} />}
      </dl>
    </Section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const DAY_MS = 86_400_000;

function useValidity(ends: string | null | undefined): string {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (!ends) return t("settings.certificateUnknown");
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" }).format(new Date(ends));
  return t("settings.certificateDays", { count: Math.max(0, Math.floor((Date.parse(ends) - now) / DAY_MS)), date });
}

export function FileSettings({ config }: { config: HubConfig }) {
  const { t } = useTranslation();
  return (
    <Section title={t("settings.file")}>
      <p className={classes.lead}>{t("settings.fileLead")}</p>
      <div className={charts.scroll} tabIndex={0} role="group" aria-label={t("settings.file")}>
        <table className={`${charts.table} ${classes.file}`}>
          <caption className="visually-hidden">{t("settings.file")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("settings.setting")}</th>
              <th scope="col">{t("settings.value")}</th>
            </tr>
          </thead>
          <tbody>
            {config.details?.settings.map(({ key, value, is_default: isDefault, about }) => (
              <tr key={key}>
                <th scope="row" title={about}>
                  {key}
                </th>
                <td>
                  <code>{value}</code>
                  {!isDefault && <span className={classes.changed}>{t("settings.changed")}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
