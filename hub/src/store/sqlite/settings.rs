//! The settings of the last start, so that the action log can say what changed since.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;
use shared::Timestamp;

use super::{Store, actions};
use crate::store::{Actor, StoreError};

const READ: &str = "select value from meta where key = 'settings'";
const WRITE: &str = "insert into meta (key, value) values ('settings', ?1) on conflict (key) do update set value = excluded.value";

/// A setting as it is kept and as it may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSetting {
    /// The value, or something that changes with it if it is a secret.
    pub kept: String,
    pub is_secret: bool,
}

impl Store {
    /// Keeps the settings of this start, with a row of the action log for each that changed since the last.
    pub async fn note_settings(&self, now: Timestamp, actor: &Actor, settings: BTreeMap<String, KeptSetting>) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let last: Option<String> = tx.prepare_cached(READ)?.query_row([], |row| row.get(0)).optional()?;
            let last: Option<BTreeMap<String, String>> = last.and_then(|text| serde_json::from_str(&text).ok());
            for detail in last.iter().flat_map(|last| changes(last, &settings)) {
                actions::append(tx, now, &actor, "settings.change", &detail)?;
            }
            let kept: BTreeMap<&str, &str> = settings.iter().map(|(path, setting)| (path.as_str(), setting.kept.as_str())).collect();
            // Invariant: a map of texts serialises.
            let text = serde_json::to_string(&kept).unwrap_or_default();
            Ok(tx.prepare_cached(WRITE)?.execute([text]).map(drop)?)
        })
        .await
    }
}

/// One sentence a change. A setting that the last version of the hub did not know has not changed.
fn changes(last: &BTreeMap<String, String>, now: &BTreeMap<String, KeptSetting>) -> Vec<String> {
    let changed = now.iter().filter_map(|(path, setting)| {
        let before = last.get(path).filter(|before| **before != setting.kept)?;
        Some(match setting.is_secret {
            true => format!("setting {path} changed"),
            false => format!("setting {path} changed from {before} to {}", setting.kept),
        })
    });
    changed.collect()
}
