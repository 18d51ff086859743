//! Rules, rotations and switches as people wrote them last.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::Timestamp;

use super::super::{Store, actions, row};
use super::{json, silences};
use crate::store::{Actor, Edition, RuleBase, RuleDocument, StoreError};

const BODY: &str = "select body from rule_documents where name = ?1";
const EDITION: &str = "select version, changed_at, changed_by from rule_documents where name = ?1";
// A document that was removed keeps its version: it must not return with an old number.
const PUT: &str = "insert into rule_documents (name, body, version, changed_at, changed_by) values (?1, ?2, 1, ?3, ?4)
    on conflict (name) do update set body = excluded.body, version = version + 1, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by returning version";
/// What stands for "as built in".
const NONE: &str = "null";

impl Store {
    /// Everything that decides about events.
    pub async fn rule_base(&self) -> Result<RuleBase, StoreError> {
        self.read(|tx| {
            Ok(RuleBase {
                rules: document(tx, RuleDocument::Rules)?,
                on_call: document(tx, RuleDocument::OnCall)?.unwrap_or_default(),
                watches: document(tx, RuleDocument::Watches)?.unwrap_or_default(),
                silences: silences::open(tx)?,
            })
        })
        .await
    }

    pub async fn rule_edition(&self, which: RuleDocument) -> Result<Edition, StoreError> {
        self.read(move |tx| edition(tx, which)).await
    }

    /// Writes a document anew, `None` for what is built in; refused if it is no longer the edition that was `seen`.
    pub async fn put_rule_document<T: Serialize>(
        &self,
        now: Timestamp,
        actor: &Actor,
        which: RuleDocument,
        content: Option<&T>,
        seen: Option<i64>,
        detail: String,
    ) -> Result<(), StoreError> {
        let body = body_of(content)?;
        let actor = actor.clone();
        self.write(move |tx| {
            if seen.is_some_and(|seen| edition(tx, which).is_ok_and(|edition| edition.version != seen)) {
                return Err(StoreError::Exists("a newer edition, changed by somebody else meanwhile"));
            }
            put(tx, now, &actor, which, &body, &detail)
        })
        .await
    }
}

fn body_of<T: Serialize>(content: Option<&T>) -> Result<String, StoreError> {
    match content {
        Some(content) => serde_json::to_string(content).map_err(|err| StoreError::Database(err.to_string())),
        None => Ok(NONE.into()),
    }
}

fn put(tx: &Connection, now: Timestamp, actor: &Actor, which: RuleDocument, body: &str, detail: &str) -> Result<(), StoreError> {
    let _: i64 = tx.prepare_cached(PUT)?.query_row(params![which.as_str(), body, now.as_millis(), actor.0], |row| row.get(0))?;
    actions::append(tx, now, actor, "rules.change", detail)
}

/// Writes a document anew within a larger change.
pub(in crate::store::sqlite) fn write<T: Serialize>(
    tx: &Connection,
    now: Timestamp,
    actor: &Actor,
    which: RuleDocument,
    content: Option<&T>,
) -> Result<(), StoreError> {
    put(tx, now, actor, which, &body_of(content)?, &format!("imported {}", which.as_str()))
}

pub(in crate::store::sqlite) fn document<T: DeserializeOwned>(tx: &Connection, which: RuleDocument) -> Result<Option<T>, StoreError> {
    let found = tx.prepare_cached(BODY)?.query_row([which.as_str()], |row| json::<Option<T>>(row, 0)).optional()?;
    Ok(found.flatten())
}

fn edition(tx: &Connection, which: RuleDocument) -> Result<Edition, StoreError> {
    let read =
        |row: &rusqlite::Row<'_>| Ok(Edition { version: row.get(0)?, changed_at: row::maybe_time(row, 1)?, changed_by: row.get(2)? });
    Ok(tx.prepare_cached(EDITION)?.query_row([which.as_str()], read).optional()?.unwrap_or_default())
}
