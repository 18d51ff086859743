//! The machine's clock jumped: what is due moves with it, so that nothing ends before as much time has passed as was meant.
//!
//! What goes by the time of day stays where it is: planned alerts, silences, weekly windows.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::Timestamp;

use super::{Store, actions};
use crate::store::{Actor, StoreError};

const MOVE: [&str; 6] = [
    "update escalations set due_at = max(0, due_at + ?1) where state = 'waiting'",
    "update incidents set until_at = max(0, until_at + ?1) where closed_at is null and until_at is not null",
    "update reported_alerts set ends_at = max(0, ends_at + ?1)",
    // A retry gets the first answer for a day, by the time that passes.
    "update event_ids set created_at = max(0, created_at + ?1)",
    "update idempotency set created_at = max(0, created_at + ?1)",
    "update outgoing set due_at = max(0, due_at + ?1), leased_until = leased_until + ?1 where state = 'waiting'",
];
/// Of these only what has not ended yet.
const MOVE_LIVING: [&str; 3] = [
    "update alerts set expires_at = max(0, expires_at + ?1) where expires_at > ?2 and withdrawn_at is null",
    "update panel_sessions set used_at = max(0, used_at + ?1), ends_at = max(0, ends_at + ?1) where ends_at > ?2",
    "update enrolments set expires_at = max(0, expires_at + ?1) where expires_at > ?2",
];

const SKIPPED: &str = "select value from meta where key = 'clock_skipped_ms'";
const SKIP: &str = "insert into meta (key, value) values ('clock_skipped_ms', ?1) on conflict (key) do update set value = excluded.value";

/// By how much the clock has jumped in all, since this database was made.
pub(super) fn skipped(tx: &Connection) -> Result<i64, StoreError> {
    let said: Option<String> = tx.prepare_cached(SKIPPED)?.query_row([], |row| row.get(0)).optional()?;
    Ok(said.and_then(|millis| millis.parse().ok()).unwrap_or_default())
}

impl Store {
    /// By how much the clock has jumped in all, for [`crate::clock::Clock::remember`].
    pub async fn skipped_ms(&self) -> Result<i64, StoreError> {
        self.read(skipped).await
    }

    /// Moves what is due by the milliseconds that the clock jumped; `before` is the time until then.
    pub async fn move_due(&self, before: Timestamp, by_ms: i64) -> Result<(), StoreError> {
        self.write(move |tx| {
            for statement in MOVE {
                tx.prepare_cached(statement)?.execute([by_ms])?;
            }
            for statement in MOVE_LIVING {
                tx.prepare_cached(statement)?.execute(params![by_ms, before.as_millis()])?;
            }
            tx.prepare_cached(SKIP)?.execute([skipped(tx)?.saturating_add(by_ms).to_string()])?;
            let said = format!("the machine's clock jumped by {} s; what was due moved with it", by_ms / 1_000);
            actions::append(tx, before, &Actor::new("hub"), "clock.jump", &said)
        })
        .await
    }
}
