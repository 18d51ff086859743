//! What time brings: alerts expire, keys of retries are forgotten.

use rusqlite::Connection;
use shared::Timestamp;

use super::alerts::RETRY_MS;
use super::row::ALERT;
use super::{Store, actions, moments, row};
use crate::store::{Actor, Alert, Overdue, StoreError};

const UNSEEN: &str = "select count(*) from deliveries where alert_seq = ?1 and state < 3";
// What is on a screen stays there until a person dismisses it.
const EXPIRE: &str = "update deliveries set state = 5 where alert_seq = ?1 and state < 3";
const FORGET: [&str; 2] = ["delete from event_ids where created_at <= ?1", "delete from idempotency where created_at <= ?1"];

impl Store {
    /// Alerts whose time has run out before everybody had seen them.
    pub async fn overdue(&self, now: Timestamp) -> Result<Vec<Overdue>, StoreError> {
        self.read(move |tx| overdue(tx, now)).await
    }

    /// Ends an alert that has expired for whoever has not seen it.
    pub async fn expire(&self, now: Timestamp, alert: &Alert) -> Result<(), StoreError> {
        let (seq, id) = (alert.seq, alert.id);
        self.write(move |tx| {
            let unseen = tx.prepare_cached(EXPIRE)?.execute([seq.cast_signed()])?;
            if unseen == 0 {
                return Ok(());
            }
            let hub = Actor::new("hub");
            actions::append(tx, now, &hub, "alert.expire", &format!("alert {id} expired: {unseen} had not seen it"))?;
            moments::note(tx, now, &hub, seq, moments::Note { clients: Some(unseen), ..moments::Note::new("expired") })
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

fn overdue(tx: &Connection, now: Timestamp) -> Result<Vec<Overdue>, StoreError> {
    let sql = format!(
        "select {ALERT} from alerts a where a.expires_at <= ?1 and a.withdrawn_at is null
         and exists (select 1 from deliveries d where d.alert_seq = a.seq and d.state < 3) limit 100"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let found = statement.query_map([now.as_millis()], row::alert)?.collect::<Result<Vec<_>, _>>()?;
    let mut unseen = tx.prepare_cached(UNSEEN)?;
    let mut with_count = |alert: Alert| {
        let count: i64 = unseen.query_row([alert.seq.cast_signed()], |row| row.get(0))?;
        Ok(Overdue { alert, unseen: count.max(0).cast_unsigned() })
    };
    found.into_iter().map(&mut with_count).collect()
}
