//! What agents say became of alerts.

use hub_core::alert::State;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::Timestamp;
use shared::wire::to_hub::{Receipt, ReceiptState};

use super::{Store, row};
use crate::store::{ClientId, Progress, ReceiptBatch, StoreError};

const FIND: &str = "select d.alert_seq, d.state, d.queued_at, d.delivered_at, d.displayed_at, d.dismissed_at, d.withdrawal_confirmed_at
    from alerts a join deliveries d on d.alert_seq = a.seq and d.client_id = ?2 where a.id = ?1";
const UPDATE: &str = "update deliveries set state = ?3, delivered_at = ?4, displayed_at = ?5, dismissed_at = ?6,
    withdrawal_confirmed_at = ?7, reply = coalesce(?8, reply), replied_by = coalesce(?9, replied_by)
    where alert_seq = ?1 and client_id = ?2";
const SENT: &str = "update deliveries set state = 1, sent_at = ?3 where alert_seq = ?1 and client_id = ?2 and state = 0";

/// A delivery as it stands.
struct Standing {
    alert_seq: i64,
    state: State,
    queued_at: Timestamp,
    delivered_at: Option<Timestamp>,
    displayed_at: Option<Timestamp>,
    dismissed_at: Option<Timestamp>,
    withdrawal_confirmed_at: Option<Timestamp>,
}

impl Store {
    /// Keeps receipts; those that say something new are returned. Receipts for alerts that the
    /// client never was sent are ignored.
    pub async fn record_receipts(&self, now: Timestamp, batch: ReceiptBatch) -> Result<Vec<Progress>, StoreError> {
        self.write(move |tx| {
            let mut news = Vec::new();
            for receipt in batch.items {
                news.extend(record(tx, now, batch.client, receipt)?);
            }
            Ok(news)
        })
        .await
    }

    /// These alerts were written to connections; proves nothing, so nobody waits for it.
    pub async fn mark_sent(&self, written: Vec<(u64, ClientId, Timestamp)>) -> Result<(), StoreError> {
        self.write(move |tx| {
            let mut statement = tx.prepare_cached(SENT)?;
            for (seq, client, at) in written {
                statement.execute(params![seq.cast_signed(), client.0, at.as_millis()])?;
            }
            Ok(())
        })
        .await
    }
}

fn record(tx: &Connection, now: Timestamp, client: ClientId, receipt: Receipt) -> Result<Option<Progress>, StoreError> {
    let standing = tx.prepare_cached(FIND)?.query_row(params![receipt.id.to_string(), client.0], standing).optional()?;
    let Some(mut standing) = standing else { return Ok(None) };
    // The agent's clock may be wrong: nothing happens before the alert was queued or after now.
    let at = receipt.at.clamp(standing.queued_at.min(now), now);
    if !standing.note(receipt.state, at) {
        return Ok(None);
    }
    tx.prepare_cached(UPDATE)?.execute(params![
        standing.alert_seq,
        client.0,
        standing.state.rank(),
        standing.delivered_at.map(Timestamp::as_millis),
        standing.displayed_at.map(Timestamp::as_millis),
        standing.dismissed_at.map(Timestamp::as_millis),
        standing.withdrawal_confirmed_at.map(Timestamp::as_millis),
        receipt.reply,
        receipt.user,
    ])?;
    Ok(Some(Progress { alert: receipt.id, client, state: receipt.state, at, reply: receipt.reply }))
}

impl Standing {
    /// Whether the receipt says something new. The times of a late one are kept even in a final state.
    fn note(&mut self, receipt: ReceiptState, at: Timestamp) -> bool {
        let time = match receipt {
            ReceiptState::Delivered => &mut self.delivered_at,
            ReceiptState::Displayed => &mut self.displayed_at,
            ReceiptState::Dismissed => &mut self.dismissed_at,
            ReceiptState::Withdrawn => &mut self.withdrawal_confirmed_at,
        };
        let next = self.state.after(receipt);
        if time.is_some() && next.is_none() {
            return false;
        }
        time.get_or_insert(at);
        self.state = next.unwrap_or(self.state);
        true
    }
}

fn standing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        alert_seq: row.get(0)?,
        state: row::state(row, 1)?,
        queued_at: row::time(row, 2)?,
        delivered_at: row::maybe_time(row, 3)?,
        displayed_at: row::maybe_time(row, 4)?,
        dismissed_at: row::maybe_time(row, 5)?,
        withdrawal_confirmed_at: row::maybe_time(row, 6)?,
    })
}
