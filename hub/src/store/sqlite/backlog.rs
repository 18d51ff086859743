//! What a client still has to get, when it comes back.

use rusqlite::{Connection, params};
use shared::{Audience, Timestamp};

use super::row::{ALERT, ALERT_WIDTH};
use super::{Store, row};
use crate::store::{Alert, Backlog, BacklogPlace, ClientId, StoreError};

/// Alerts that one backlog takes; what is beyond follows in the next.
const LIMIT: u32 = 200;

const UP_TO: &str = "select value from counters where name = 'alert_seq'";
const WITHDRAWALS: &str = "select a.id, a.withdraw_reason from deliveries d join alerts a on a.seq = d.alert_seq
    where d.client_id = ?1 and d.state = 6 and d.withdrawal_confirmed_at is null order by a.seq limit 1000";

impl Store {
    /// Deliveries that are not final, severest first, then oldest.
    ///
    /// `everything`: also what the agent once acknowledged, for one that has lost what it knew.
    pub async fn backlog(
        &self,
        now: Timestamp,
        client: ClientId,
        everything: bool,
        after: Option<BacklogPlace>,
    ) -> Result<Backlog, StoreError> {
        self.read(move |tx| {
            let mut alerts = alerts(tx, now, client, everything, after)?;
            let more = alerts.len() > LIMIT as usize;
            alerts.truncate(LIMIT as usize);
            let last = alerts.last().map(|(alert, _)| BacklogPlace { severity: alert.severity, seq: alert.seq });
            let up_to: i64 = tx.prepare_cached(UP_TO)?.query_row([], |row| row.get(0))?;
            let withdrawals = if after.is_none() { withdrawals(tx, client)? } else { Vec::new() };
            Ok(Backlog { alerts, withdrawals, up_to_seq: up_to.max(0).cast_unsigned(), next: last.filter(|_| more) })
        })
        .await
    }
}

fn alerts(
    tx: &Connection,
    now: Timestamp,
    client: ClientId,
    everything: bool,
    after: Option<BacklogPlace>,
) -> Result<Vec<(Alert, Audience)>, StoreError> {
    let sql = format!(
        "select {ALERT}, u.kind, u.name from deliveries d
         join alerts a on a.seq = d.alert_seq
         join alert_audiences u on u.alert_seq = d.alert_seq and u.position = d.audience
         where d.client_id = ?1 and d.state < 4 and d.state < ?2 and (a.expires_at is null or a.expires_at > ?3)
         and (?4 is null or a.severity < ?4 or (a.severity = ?4 and a.seq > ?5))
         order by a.severity desc, a.seq limit ?6"
    );
    // Acknowledged begins at `delivered`, which has the rank 2.
    let below = if everything { 4 } else { 2 };
    let severity = after.map(|place| place.severity.rank());
    let seq = after.map(|place| place.seq.cast_signed());
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map(params![client.0, below, now.as_millis(), severity, seq, LIMIT + 1], |row| {
        Ok((row::alert(row)?, row::audience(row, ALERT_WIDTH, ALERT_WIDTH + 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn withdrawals(tx: &Connection, client: ClientId) -> Result<Vec<(shared::AlertId, Option<String>)>, StoreError> {
    let mut statement = tx.prepare_cached(WITHDRAWALS)?;
    let rows = statement.query_map([client.0], |row| Ok((row::alert_id(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
