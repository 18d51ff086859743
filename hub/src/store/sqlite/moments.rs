//! What happened to an alert as a whole: noted in the transaction that does it, read in its order.

use rusqlite::{Connection, params};
use shared::{AlertId, Timestamp};

use super::{Store, alerts, row};
use crate::store::{Actor, Alert, Moment, StoreError};

const NOTE: &str =
    "insert into alert_timeline (alert_seq, at, kind, actor, reason, other, clients, away) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const LIST: &str =
    "select at, kind, actor, reason, other, clients, away from alert_timeline where alert_seq = ?1 order by at, id limit 500";

/// An entry about to be noted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Note<'a> {
    pub(super) kind: &'static str,
    pub(super) reason: Option<&'a str>,
    pub(super) other: Option<AlertId>,
    pub(super) clients: Option<usize>,
    pub(super) away: Option<usize>,
}

impl Note<'_> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, ..Self::default() }
    }
}

pub(super) fn note(tx: &Connection, now: Timestamp, actor: &Actor, seq: u64, note: Note<'_>) -> Result<(), StoreError> {
    let other = note.other.map(|id| id.to_string());
    tx.prepare_cached(NOTE)?.execute(params![
        seq.cast_signed(),
        now.as_millis(),
        note.kind,
        actor.0,
        note.reason,
        other,
        note.clients.map(count),
        note.away.map(count),
    ])?;
    Ok(())
}

fn count(clients: usize) -> i64 {
    i64::try_from(clients).unwrap_or(i64::MAX)
}

impl Store {
    /// Everything that happened to an alert as a whole, from its sending on, oldest first.
    pub async fn alert_timeline(&self, id: AlertId) -> Result<Vec<Moment>, StoreError> {
        self.read(move |tx| {
            let alert = alerts::load(tx, id)?;
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map([alert.seq.cast_signed()], moment)?;
            let mut moments = rows.collect::<Result<Vec<_>, _>>()?;
            let place = moments.iter().take_while(|moment| moment.kind == "scheduled").count();
            moments.insert(place, sent(&alert));
            Ok(moments)
        })
        .await
    }
}

fn sent(alert: &Alert) -> Moment {
    let kind = if alert.replaces.is_some() { "corrects" } else { "sent" };
    let (at, actor) = (alert.sent_at, alert.from.clone());
    Moment { at, kind: kind.into(), actor, reason: None, other: alert.replaces, clients: None, away: None }
}

fn moment(row: &rusqlite::Row<'_>) -> rusqlite::Result<Moment> {
    Ok(Moment {
        at: row::time(row, 0)?,
        kind: row.get(1)?,
        actor: row.get(2)?,
        reason: row.get(3)?,
        other: row::maybe_alert_id(row, 4)?,
        clients: row.get::<_, Option<i64>>(5)?.map(|clients| clients.max(0).cast_unsigned()),
        away: row.get::<_, Option<i64>>(6)?.map(|away| away.max(0).cast_unsigned()),
    })
}
