//! Alerts that monitoring tools repeat until they are solved: how each stands.

use rusqlite::{Row, params};
use shared::Timestamp;

use super::{Store, row, tokens};
use crate::store::{ApiToken, ReportedAlert, StoreError};

const COLUMNS: &str = "token_id, fingerprint, alert, starts_at, ends_at, updated_at, silenced_by";
const KEEP: &str = "insert into reported_alerts (token_id, fingerprint, alert, starts_at, ends_at, updated_at, silenced_by)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (token_id, fingerprint) do update
    set alert = excluded.alert, ends_at = excluded.ends_at, updated_at = excluded.updated_at,
    silenced_by = excluded.silenced_by";
const FORGET: &str = "delete from reported_alerts where token_id = ?1 and fingerprint = ?2";
/// More than any network has at once; beyond, a repetition may be recorded again.
const MOST: u32 = 20_000;

impl Store {
    /// What stands, of one token or of all.
    pub async fn reported_alerts(&self, token: Option<i64>) -> Result<Vec<(i64, ReportedAlert)>, StoreError> {
        self.read(move |tx| {
            let sql = format!("select {COLUMNS} from reported_alerts where (?1 is null or token_id = ?1) order by starts_at limit {MOST}");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([token], reported)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What its sender no longer repeats, with the token that reported it; a few at a time.
    pub async fn reported_alerts_over(&self, now: Timestamp) -> Result<Vec<(ApiToken, ReportedAlert)>, StoreError> {
        self.read(move |tx| {
            let sql = format!("select {COLUMNS} from reported_alerts where ends_at <= ?1 order by ends_at limit 100");
            let mut statement = tx.prepare_cached(&sql)?;
            let found = statement.query_map([now.as_millis()], reported)?.collect::<Result<Vec<_>, _>>()?;
            found.into_iter().map(|(token, alert)| Ok((tokens::by_id(tx, token)?, alert))).collect()
        })
        .await
    }

    /// Remembers how alerts stand; those that are over are forgotten.
    pub async fn keep_reported_alerts(&self, now: Timestamp, token: i64, alerts: Vec<ReportedAlert>) -> Result<(), StoreError> {
        self.write(move |tx| {
            let (mut keep, mut forget) = (tx.prepare_cached(KEEP)?, tx.prepare_cached(FORGET)?);
            for alert in alerts {
                if alert.ends_at <= now {
                    forget.execute(params![token, alert.fingerprint])?;
                    continue;
                }
                let (starts, ends, updated) = (alert.starts_at.as_millis(), alert.ends_at.as_millis(), alert.updated_at.as_millis());
                keep.execute(params![token, alert.fingerprint, alert.alert, starts, ends, updated, alert.silenced_by])?;
            }
            Ok(())
        })
        .await
    }
}

fn reported(row: &Row<'_>) -> rusqlite::Result<(i64, ReportedAlert)> {
    let alert = ReportedAlert {
        fingerprint: row.get(1)?,
        alert: row.get(2)?,
        starts_at: row::time(row, 3)?,
        ends_at: row::time(row, 4)?,
        updated_at: row::time(row, 5)?,
        silenced_by: row.get(6)?,
    };
    Ok((row.get(0)?, alert))
}
