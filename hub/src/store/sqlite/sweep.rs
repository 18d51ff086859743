//! What time brings: alerts expire, keys of retries are forgotten.

use rusqlite::Connection;
use shared::{AlertId, Timestamp};

use super::alerts::RETRY_MS;
use super::{Store, actions, row};
use crate::store::{Actor, StoreError};

const DUE: &str = "select seq, id from alerts a where expires_at <= ?1 and withdrawn_at is null
    and exists (select 1 from deliveries d where d.alert_seq = a.seq and d.state < 3) limit 100";
// What is on a screen stays there until a person dismisses it.
const EXPIRE: &str = "update deliveries set state = 5 where alert_seq = ?1 and state < 3";
const FORGET: [&str; 2] = ["delete from event_ids where created_at <= ?1", "delete from idempotency where created_at <= ?1"];

impl Store {
    /// Ends what has expired unseen; the alerts concerned are returned.
    pub async fn expire(&self, now: Timestamp) -> Result<Vec<AlertId>, StoreError> {
        let due = self.read(move |tx| due(tx, now)).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.write(move |tx| {
            for (seq, id) in &due {
                let unseen = tx.prepare_cached(EXPIRE)?.execute([seq])?;
                let detail = format!("alert {id} expired: {unseen} had not seen it");
                actions::append(tx, now, &Actor::new("hub"), "alert.expire", &detail)?;
            }
            Ok(due.into_iter().map(|(_, id)| id).collect())
        })
        .await
    }

    /// Forgets the keys of retries that are older than their promise.
    pub async fn forget_retries(&self, now: Timestamp) -> Result<(), StoreError> {
        let until = now.plus_millis(-RETRY_MS).as_millis();
        self.write(move |tx| {
            for statement in FORGET {
                tx.prepare_cached(statement)?.execute([until])?;
            }
            Ok(())
        })
        .await
    }
}

fn due(tx: &Connection, now: Timestamp) -> Result<Vec<(i64, AlertId)>, StoreError> {
    let mut statement = tx.prepare_cached(DUE)?;
    let rows = statement.query_map([now.as_millis()], |row| Ok((row.get(0)?, row::alert_id(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
