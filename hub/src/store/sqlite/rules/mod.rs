//! What decides about events, and what was done about them.

mod acting;
mod activity;
mod amending;
pub(super) mod documents;
mod escalations;
pub(super) mod following;
pub(super) mod incidents;
mod silences;
mod switches;
pub(super) mod tallies;

use rusqlite::types::Type;

use super::row;

/// A column of JSON that we wrote ourselves.
fn json<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|_| row::broken(column, Type::Text))
}
