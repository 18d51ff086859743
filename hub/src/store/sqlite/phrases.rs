//! Quick texts: one list for everybody, saved as a whole.

use rusqlite::{Connection, params};
use shared::Timestamp;

use super::{Store, actions};
use crate::store::{Actor, StoreError};

const LIST: &str = "select text from phrases order by position limit 1000";
const CLEAR: &str = "delete from phrases";
const INSERT: &str = "insert into phrases (position, text) values (?1, ?2)";

impl Store {
    pub async fn phrases(&self) -> Result<Vec<String>, StoreError> {
        self.read(read).await
    }

    pub async fn set_phrases(&self, now: Timestamp, actor: &Actor, phrases: Vec<String>) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| write(tx, now, &actor, &phrases)).await
    }
}

pub(super) fn read(tx: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = tx.prepare_cached(LIST)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn write(tx: &Connection, now: Timestamp, actor: &Actor, phrases: &[String]) -> Result<(), StoreError> {
    tx.prepare_cached(CLEAR)?.execute([])?;
    let mut statement = tx.prepare_cached(INSERT)?;
    for (position, phrase) in (0_u32..).zip(phrases) {
        statement.execute(params![position, phrase])?;
    }
    actions::append(tx, now, actor, "phrases.save", &format!("saved the phrases: {} of them", phrases.len()))
}
