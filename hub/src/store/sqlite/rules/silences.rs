//! Silences: made, listed, ended.

use hub_core::rule::Silence;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::Timestamp;

use super::super::{Store, actions, row};
use super::json;
use crate::store::{Actor, KeptSilence, StoreError};

const COLUMNS: &str = "id, body, created_at, created_by, ended_at, ended_by";
const INSERT: &str = "insert into silences (body, created_at, created_by, ends_at) values (?1, ?2, ?3, ?4) returning id";
const END: &str = "update silences set ended_at = ?2, ended_by = ?3 where id = ?1 and ended_at is null";
const OPEN: &str = "select id, body from silences where ended_at is null order by id limit 1000";
const COUNT_OPEN: &str = "select count(*) from silences where ended_at is null and (ends_at is null or ends_at > ?1)";
// What has run out is closed, so that events are not held against it.
const RUN_OUT: &str = "update silences set ended_at = ends_at where ended_at is null and ends_at <= ?1";
const MOST: i64 = 500;

impl Store {
    pub async fn add_silence(&self, now: Timestamp, actor: &Actor, silence: Silence) -> Result<KeptSilence, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            tx.prepare_cached(RUN_OUT)?.execute([now.as_millis()])?;
            let count: i64 = tx.prepare_cached(COUNT_OPEN)?.query_row([now.as_millis()], |row| row.get(0))?;
            if count >= MOST {
                return Err(StoreError::Full("silences", MOST));
            }
            let body = serde_json::to_string(&silence).map_err(|err| StoreError::Database(err.to_string()))?;
            let ends_at = silence.ends_at.map(Timestamp::as_millis);
            let id: i64 = tx.prepare_cached(INSERT)?.query_row(params![body, now.as_millis(), actor.0, ends_at], |row| row.get(0))?;
            let until = silence.ends_at.map_or_else(|| "every week".to_owned(), |end| format!("until {end}"));
            actions::append(tx, now, &actor, "silence.create", &format!("made silence {id} {until}: {}", silence.reason))?;
            Ok(KeptSilence { id, silence, created_at: now, created_by: actor.0, ended_at: None, ended_by: None })
        })
        .await
    }

    /// Ends a silence now; a second time changes nothing.
    pub async fn end_silence(&self, now: Timestamp, actor: &Actor, id: i64) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if !tx.prepare_cached("select 1 from silences where id = ?1")?.exists([id])? {
                return Err(StoreError::Missing("the silence"));
            }
            if tx.prepare_cached(END)?.execute(params![id, now.as_millis(), actor.0])? == 0 {
                return Ok(());
            }
            actions::append(tx, now, &actor, "silence.end", &format!("ended silence {id}"))
        })
        .await
    }

    pub async fn silence(&self, id: i64) -> Result<KeptSilence, StoreError> {
        self.read(move |tx| {
            let sql = format!("select {COLUMNS} from silences where id = ?1");
            let found = tx.prepare_cached(&sql)?.query_row([id], kept).optional()?;
            found.ok_or(StoreError::Missing("the silence"))
        })
        .await
    }

    /// Silences, those that hold or will hold first, then the newest.
    pub async fn silences(&self, limit: u32) -> Result<Vec<KeptSilence>, StoreError> {
        self.read(move |tx| {
            let sql = format!("select {COLUMNS} from silences order by ended_at is not null, id desc limit ?1");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([limit], kept)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

pub(super) fn open(tx: &Connection) -> Result<Vec<(i64, Silence)>, StoreError> {
    let mut statement = tx.prepare_cached(OPEN)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, json(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptSilence> {
    Ok(KeptSilence {
        id: row.get(0)?,
        silence: json(row, 1)?,
        created_at: row::time(row, 2)?,
        created_by: row.get(3)?,
        ended_at: row::maybe_time(row, 4)?,
        ended_by: row.get(5)?,
    })
}
