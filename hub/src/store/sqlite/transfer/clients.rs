//! The directory of branch PCs, for people to read: a key is never exported, so a PC is enrolled by its code.

use rusqlite::Connection;
use serde_json::{Value, json};
use shared::Timestamp;

use super::{Notes, Plan, Section};
use crate::store::StoreError;
use crate::store::sqlite::row;

pub(super) struct Clients;

const ALL: &str = "select name, created_at, last_seen_at, version, os from clients where revoked_at is null order by sort_key limit 100000";

impl Section for Clients {
    fn name(&self) -> &'static str {
        "clients"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(ALL)?;
        let rows = statement.query_map([], |row| {
            let (name, version, os): (String, Option<String>, Option<String>) = (row.get(0)?, row.get(3)?, row.get(4)?);
            Ok(json!({"name": name, "created_at": row::time(row, 1)?, "last_seen": row::maybe_time(row, 2)?, "version": version, "os": os}))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn plan(&self, _: &Connection, found: Value, _: &mut Notes) -> Result<Plan, StoreError> {
        Ok(Plan::ignored(self, &found))
    }
}
