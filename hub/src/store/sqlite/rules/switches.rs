//! Sources that must report and are silent at the moment.

use rusqlite::params;
use shared::Timestamp;

use super::super::{Store, row};
use crate::store::StoreError;

const LIST: &str = "select id, since from silent_watches limit 1000";
const SILENT: &str = "insert into silent_watches (id, since) values (?1, ?2) on conflict (id) do nothing";
const HEARD: &str = "delete from silent_watches where id = ?1";

impl Store {
    pub async fn silent_watches(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row::time(row, 1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Notes that a switch is silent since then, or that it was heard again.
    pub async fn note_watch(&self, id: String, silent_since: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |tx| {
            match silent_since {
                Some(since) => tx.prepare_cached(SILENT)?.execute(params![id, since.as_millis()])?,
                None => tx.prepare_cached(HEARD)?.execute([id])?,
            };
            Ok(())
        })
        .await
    }
}
