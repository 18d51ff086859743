//! When each client was connected.

use rusqlite::{Connection as Db, params};
use shared::{Name, Timestamp};

use super::{Store, row};
use crate::store::{Arrival, ClientId, Connection, Page, StoreError};

const OPEN: &str = "insert into connections (client_id, connected_at, address, version, os) values (?1, ?2, ?3, ?4, ?5) returning id";
const SEEN: &str = "update clients set last_seen_at = ?2, address = ?3, version = ?4, os = ?5, version_key = ?6
    where id = ?1 and revoked_at is null";
const CLOSE: &str = "update connections set disconnected_at = ?2, reason = ?3 where id = ?1 returning client_id";
const LEFT: &str = "update clients set last_seen_at = ?2, absent_since = ?3 where id = ?1";
// The exact moment is unknown after a crash; the last time the client was seen is the best that is.
const CLOSE_ALL: &str = "update connections set reason = 'hub_ended', disconnected_at =
    max(connected_at, coalesce((select last_seen_at from clients where clients.id = client_id), connected_at))
    where disconnected_at is null";
const HISTORY: &str = "select connected_at, disconnected_at, k.address, k.version, k.os, reason, k.id from connections k
    join clients c on c.id = client_id where name_key = ?1 and (?2 is null or k.id < ?2) order by k.id desc limit ?3";
const COUNT: &str = "select count(*) from connections k join clients c on c.id = client_id where name_key = ?1";
/// Connections kept for each client.
const KEPT: i64 = 500;
const FORGET: &str = "delete from connections where client_id = ?1 and id <=
    (select id from connections where client_id = ?1 order by id desc limit 1 offset ?2)";

pub(super) fn close_all(tx: &Db) -> Result<(), StoreError> {
    Ok(tx.execute(CLOSE_ALL, []).map(drop)?)
}

impl Store {
    /// Notes that a client has connected, unless it was revoked; the number is for [`Store::close_connection`].
    pub async fn open_connection(&self, now: Timestamp, client: ClientId, arrival: Arrival) -> Result<i64, StoreError> {
        self.write(move |tx| {
            let Arrival { address, version, os } = arrival;
            let key = version.as_deref().and_then(hub_core::version::key);
            // Whoever was revoked while it was being let in is caught here, where nothing can overtake it.
            if tx.prepare_cached(SEEN)?.execute(params![client.0, now.as_millis(), address, version, os, key])? == 0 {
                return Err(StoreError::Missing("the client"));
            }
            tx.prepare_cached(FORGET)?.execute(params![client.0, KEPT])?;
            let values = params![client.0, now.as_millis(), address, version, os];
            Ok(tx.prepare_cached(OPEN)?.query_row(values, |row| row.get(0))?)
        })
        .await
    }

    /// `lived` is the same moment by [`crate::clock::Clock::lived`].
    pub async fn close_connection(
        &self,
        now: Timestamp,
        lived: Timestamp,
        connection: i64,
        reason: &'static str,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let client: i64 = tx.prepare_cached(CLOSE)?.query_row(params![connection, now.as_millis(), reason], |row| row.get(0))?;
            Ok(tx.prepare_cached(LEFT)?.execute(params![client, now.as_millis(), lived.as_millis()]).map(drop)?)
        })
        .await
    }

    /// The connections of a client, newest first; `before` is the cursor of the page before.
    pub async fn connections(&self, name: &Name, before: Option<i64>, limit: u32) -> Result<Page<Connection>, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| {
            let total: i64 = tx.prepare_cached(COUNT)?.query_row([&key], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(HISTORY)?;
            let rows = statement.query_map(params![key, before, limit + 1], |row| Ok((connection(row)?, row.get::<_, i64>(6)?)))?;
            let mut found = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut found, limit, |(_, id)| id.to_string());
            Ok(Page { items: found.into_iter().map(|(one, _)| one).collect(), next, total: total.max(0).cast_unsigned() })
        })
        .await
    }
}

fn connection(row: &rusqlite::Row<'_>) -> rusqlite::Result<Connection> {
    Ok(Connection {
        connected_at: row::time(row, 0)?,
        disconnected_at: row::maybe_time(row, 1)?,
        address: row.get(2)?,
        version: row.get(3)?,
        os: row.get(4)?,
        reason: row.get(5)?,
    })
}
