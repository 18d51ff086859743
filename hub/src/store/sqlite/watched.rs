//! Important clients: how each left for the last time, and whether technicians know that it is gone.

use hub_core::absence::Departure;
use rusqlite::params;
use shared::Timestamp;

use super::{Store, actions, row};
use crate::store::{Actor, ClientId, StoreError, WatchedClient};

const WATCHED: &str = "select c.id, c.name, c.revoked_at is null, c.important_after_s, c.gone_noticed_at is not null, c.last_seen_at,
    k.id is not null, k.disconnected_at, k.reason, c.absent_since from clients c
    left join connections k on k.id = (select max(id) from connections where client_id = c.id)
    where c.important_after_s is not null or c.gone_noticed_at is not null limit 100000";
const NOTE: &str = "update clients set gone_noticed_at = ?2 where id = ?1";

impl Store {
    pub async fn watched_clients(&self) -> Result<Vec<WatchedClient>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(WATCHED)?;
            let rows = statement.query_map([], watched)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Technicians know that it is gone; or, with `None`, that it is not.
    pub async fn note_gone(&self, now: Timestamp, client: ClientId, name: &str, gone: bool) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |tx| {
            tx.prepare_cached(NOTE)?.execute(params![client.0, gone.then(|| now.as_millis())])?;
            let (action, detail) = match gone {
                true => ("client.gone", format!("noticed that {name} is gone")),
                false => ("client.back", format!("no longer misses {name}")),
            };
            actions::append(tx, now, &Actor::new("hub"), action, &detail)
        })
        .await
    }
}

fn watched(row: &rusqlite::Row<'_>) -> rusqlite::Result<WatchedClient> {
    let (enrolled, limit_s): (bool, Option<u32>) = (row.get(2)?, row.get(3)?);
    let last_seen = row::maybe_time(row, 5)?;
    let absent_since = row::maybe_time(row, 9)?;
    let (has_connection, disconnected) = (row.get::<_, bool>(6)?, row::maybe_time(row, 7)?);
    let reason: Option<String> = row.get(8)?;
    let departure = match (has_connection, disconnected) {
        _ if reason.as_deref().is_some_and(|reason| reason.starts_with("hub_")) => Departure::HubEnded,
        (true, None) => Departure::Leaving,
        // What is not known by the other time is known by the machine's.
        (true, Some(at)) => Departure::Left(absent_since.unwrap_or(at)),
        // It never came, or its history is older than what is kept.
        (false, _) => absent_since.or(last_seen).map_or(Departure::Never, Departure::Left),
    };
    Ok(WatchedClient {
        id: ClientId(row.get(0)?),
        name: row.get(1)?,
        limit_s: limit_s.filter(|_| enrolled),
        told: row.get(4)?,
        departure,
        has_been_there: last_seen.is_some(),
    })
}
