//! The machine's clock jumped: what is due moves with it, so that nothing ends before as much time has passed as was meant.
//!
//! What goes by the time of day stays where it is: planned alerts, silences, weekly windows.

use rusqlite::params;
use shared::Timestamp;

use super::{Store, actions};
use crate::store::{Actor, StoreError};

const MOVE: [&str; 4] = [
    "update escalations set due_at = max(0, due_at + ?1) where state = 'waiting'",
    "update incidents set until_at = max(0, until_at + ?1) where closed_at is null and until_at is not null",
    "update reported_alerts set ends_at = max(0, ends_at + ?1)",
    "update outgoing set due_at = max(0, due_at + ?1), leased_until = leased_until + ?1 where state = 'waiting'",
];
/// Of these only what has not ended yet.
const MOVE_LIVING: [&str; 3] = [
    "update alerts set expires_at = max(0, expires_at + ?1) where expires_at > ?2 and withdrawn_at is null",
    "update panel_sessions set used_at = max(0, used_at + ?1), ends_at = max(0, ends_at + ?1) where ends_at > ?2",
    "update enrolments set expires_at = max(0, expires_at + ?1) where expires_at > ?2",
];

impl Store {
    /// Moves what is due by the milliseconds that the clock jumped; `before` is the time until then.
    pub async fn move_due(&self, before: Timestamp, by_ms: i64) -> Result<(), StoreError> {
        self.write(move |tx| {
            for statement in MOVE {
                tx.prepare_cached(statement)?.execute([by_ms])?;
            }
            for statement in MOVE_LIVING {
                tx.prepare_cached(statement)?.execute(params![by_ms, before.as_millis()])?;
            }
            let said = format!("the machine's clock jumped by {} s; what was due moved with it", by_ms / 1_000);
            actions::append(tx, before, &Actor::new("hub"), "clock.jump", &said)
        })
        .await
    }
}
