//! Deletes what is old and over, a little at a time: the writer is never held for long.
//!
//! Row ids rise with time, so the oldest are the first, and no index on time is needed.

use rusqlite::params;
use shared::Timestamp;

use super::{Store, actions};
use crate::store::StoreError;

/// Rows that one transaction deletes at most.
pub const BATCH: u32 = 500;
/// Rows of the action log that one cut takes at most; each cut is a row itself.
pub const CUT: u32 = 5_000;

const EVENTS: &str = "delete from events where id in (select id from (select id, created_at from events order by id limit ?2)
    where created_at < ?1)";
const EMAILS: &str = "delete from email_alerts where id in (select id from (select id, created_at from email_alerts order by id limit ?2)
    where created_at < ?1)";
const OUTGOING: &str = "delete from outgoing where id in
    (select id from outgoing where state <> 'waiting' and created_at < ?1 order by id limit ?2)";
const CALLS: &str = "delete from webhook_attempts where id in
    (select id from (select id, created_at from webhook_attempts order by id limit ?2) where created_at < ?1)";
// With their steps, and with the note of which alerts they were. What has a step to come, or stands on a screen, is not over.
const INCIDENTS: &str = "delete from incidents where id in (select i.id from incidents i join incident_tallies t on t.incident_id = i.id
    where i.closed_at is not null and t.last_at < ?1
    and not exists (select 1 from escalations e where e.incident_id = i.id and e.state = 'waiting')
    and not exists (select 1 from incident_alerts a join deliveries d on d.alert_seq = a.alert_seq and d.state < 4
        where a.incident_id = i.id) order by i.id limit ?2)";
// Else what comes later would join an alert that is gone, and nobody would see it.
const CLOSE_INCIDENTS: &str = "update incidents set closed_at = ?2 where closed_at is null
    and id in (select incident_id from incident_alerts where alert_seq = ?1)
    and not exists (select 1 from incident_alerts o where o.incident_id = incidents.id and o.alert_seq <> ?1)";
const CONNECTIONS: &str = "delete from connections where id in
    (select id from connections where disconnected_at is not null and disconnected_at < ?1 order by id limit ?2)";
const REJECTIONS: &str = "delete from rejections where id in (select id from (select id, at from rejections order by id limit ?2)
    where at < ?1)";
const MESSAGES: &str = "delete from branch_messages where id in
    (select id from (select id, created_at from branch_messages order by id limit ?2) where created_at < ?1)";
// Over: nobody has still to get it, to close it, or to hear that it was taken back. Who was revoked never will.
const SETTLED: &str = "select seq from alerts a where seq > ?3 and sent_at < ?1 and not exists (
        select 1 from deliveries d join clients c on c.id = d.client_id and c.revoked_at is null
        where d.alert_seq = a.seq and (d.state < 4 or (d.state = 6 and d.withdrawal_confirmed_at is null)))
    order by seq limit ?2";
const DELIVERIES: &str = "delete from deliveries where alert_seq = ?1 and client_id in
    (select client_id from deliveries where alert_seq = ?1 limit ?2)";
const AUDIENCES: &str = "delete from alert_audiences where alert_seq = ?1";
const ALERT: &str = "delete from alerts where seq = ?1";

/// What can be deleted by its age alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    Events,
    /// The audit of mail; kept as long as events are.
    Emails,
    /// Mail and calls that left or were given up.
    Outgoing,
    /// What webhooks answered.
    Calls,
    /// What rules did about events, with its steps.
    Incidents,
    /// Those that have ended, and those that were not let in.
    Connections,
    /// What branches wrote.
    Messages,
}

impl Store {
    /// Deletes rows of a kind from before, at most [`BATCH`]; how many went.
    pub async fn forget(&self, kind: Old, before: Timestamp) -> Result<usize, StoreError> {
        let sql = match kind {
            Old::Events => EVENTS,
            Old::Emails => EMAILS,
            Old::Outgoing => OUTGOING,
            Old::Calls => CALLS,
            Old::Incidents => INCIDENTS,
            Old::Connections => CONNECTIONS,
            Old::Messages => MESSAGES,
        };
        self.write(move |tx| {
            let mut gone = tx.prepare_cached(sql)?.execute(params![before.as_millis(), BATCH])?;
            if kind == Old::Connections {
                gone += tx.prepare_cached(REJECTIONS)?.execute(params![before.as_millis(), BATCH])?;
            }
            Ok(gone)
        })
        .await
    }

    /// Alerts sent before and after `seq` that nobody has to do anything with any more, oldest first.
    pub async fn settled_alerts(&self, before: Timestamp, seq: i64) -> Result<Vec<i64>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(SETTLED)?;
            let rows = statement.query_map(params![before.as_millis(), BATCH, seq], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Deletes a part of an alert's deliveries, and with the last of them the alert. True when it is gone.
    pub async fn forget_alert(&self, now: Timestamp, seq: i64) -> Result<bool, StoreError> {
        self.write(move |tx| {
            if tx.prepare_cached(DELIVERIES)?.execute(params![seq, BATCH])? == BATCH as usize {
                return Ok(false);
            }
            tx.prepare_cached(CLOSE_INCIDENTS)?.execute([seq, now.as_millis()])?;
            tx.prepare_cached(AUDIENCES)?.execute([seq])?;
            tx.prepare_cached(ALERT)?.execute([seq])?;
            Ok(true)
        })
        .await
    }

    /// Cuts rows from before off the head of the action log; how many went. The rest still proves itself.
    pub async fn cut_actions(&self, now: Timestamp, before: Timestamp) -> Result<usize, StoreError> {
        self.write(move |tx| actions::cut(tx, now, before, CUT)).await
    }
}
