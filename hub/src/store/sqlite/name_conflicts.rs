//! Who tried to connect under a name while it was in use: a row for each client and address.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Name, Timestamp};

use super::{Store, actions, row};
use crate::store::{Actor, ClientId, NameConflict, StoreError};

const LAST: &str = "select last_at from name_conflicts where client_id = ?1 and address = ?2";
const NOTE: &str = "insert into name_conflicts (client_id, address, first_at, last_at, times) values (?1, ?2, ?3, ?3, 1)
    on conflict (client_id, address) do update set last_at = max(last_at, excluded.last_at), times = times + 1";
/// Addresses kept for each client.
const KEPT: i64 = 20;
const FORGET: &str = "delete from name_conflicts where client_id = ?1 and last_at <
    (select last_at from name_conflicts where client_id = ?1 order by last_at desc limit 1 offset ?2)";
const LIST: &str = "select address, first_at, last_at, times from name_conflicts where client_id = ?1 order by last_at desc limit ?2";
/// An agent tries again every minute: the action log says so once a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Store {
    /// Somebody at this address tried the name of a client that is connected.
    pub async fn note_name_conflict(&self, now: Timestamp, client: ClientId, name: &Name, address: &str) -> Result<(), StoreError> {
        let (name, address) = (name.clone(), address.to_owned());
        self.write(move |tx| {
            let last: Option<i64> = tx.prepare_cached(LAST)?.query_row(params![client.0, address], |row| row.get(0)).optional()?;
            tx.prepare_cached(NOTE)?.execute(params![client.0, address, now.as_millis()])?;
            tx.prepare_cached(FORGET)?.execute(params![client.0, KEPT - 1])?;
            if last.is_some_and(|last| now.as_millis() - last < DAY_MS) {
                return Ok(());
            }
            let detail = format!("a second PC at {address} tried to connect as {name}, which was connected");
            actions::append(tx, now, &Actor::new("hub"), "client.name_in_use", &detail)
        })
        .await
    }
}

/// Latest first.
pub(super) fn of_client(tx: &Connection, client: ClientId) -> Result<Vec<NameConflict>, StoreError> {
    let mut statement = tx.prepare_cached(LIST)?;
    let rows = statement.query_map(params![client.0, KEPT], |row| {
        Ok(NameConflict {
            address: row.get(0)?,
            first_at: row::time(row, 1)?,
            last_at: row::time(row, 2)?,
            times: row.get::<_, i64>(3)?.max(0).cast_unsigned(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
