//! The action log: rows in a hash chain, written in the transaction of what they record.

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest, Sha256};
use shared::Timestamp;

use super::Store;
use crate::store::{Actor, StoreError};

/// A row of the action log, as the log file repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub detail: String,
}

/// Whether the chain is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    Whole { rows: i64 },
    Broken { seq: i64, reason: &'static str },
}

const LAST: &str = "select seq, hash from action_log order by seq desc limit 1";
const INSERT: &str = "insert into action_log (seq, at, actor, action, detail, previous_hash, hash) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const AFTER: &str = "select seq, at, actor, action, detail from action_log where seq > ?1 order by seq limit ?2";
const CHAIN: &str = "select seq, at, actor, action, detail, previous_hash, hash from action_log order by seq";
const HAS_ANCHOR: &str = "select 1 from sqlite_master where type = 'table' and name = 'action_anchor'";
const ANCHOR: &str = "select seq, hash from action_anchor limit 1";
const SET_ANCHOR: &str = "insert into action_anchor (id, seq, hash) values (1, ?1, ?2)
    on conflict (id) do update set seq = excluded.seq, hash = excluded.hash";
const OLD: &str = "select seq, hash from (select seq, hash, at from action_log order by seq limit ?1)
    where at < ?2 and seq <= ?3 order by seq desc limit 1";
const DELETE: &str = "delete from action_log where seq <= ?1";
/// Rows that say that rows were cut off.
const CUT: &str = "log.cut";
const POSITION: &str = "select value from meta where key = 'action_file_seq'";
const SET_POSITION: &str =
    "insert into meta (key, value) values ('action_file_seq', ?1) on conflict (key) do update set value = excluded.value";

/// Adds a row; `action` is a short word of ours, `detail` a sentence with names.
pub(super) fn append(tx: &Connection, now: Timestamp, actor: &Actor, action: &str, detail: &str) -> Result<(), StoreError> {
    let last: Option<(i64, [u8; 32])> = tx.prepare_cached(LAST)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (last_seq, previous) = last.unwrap_or((0, [0; 32]));
    let row = Action { seq: last_seq + 1, at: now, actor: actor.0.clone(), action: action.into(), detail: detail.into() };
    let hash = row.hash(&previous);
    tx.prepare_cached(INSERT)?.execute(params![row.seq, now.as_millis(), row.actor, row.action, row.detail, previous, hash])?;
    Ok(())
}

impl Action {
    /// Every field is preceded by its length, so that no two rows have the same bytes.
    fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.at.as_millis().to_be_bytes());
        for text in [&self.actor, &self.action, &self.detail] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().into()
    }
}

fn action(row: &rusqlite::Row<'_>) -> rusqlite::Result<Action> {
    Ok(Action { seq: row.get(0)?, at: super::row::time(row, 1)?, actor: row.get(2)?, action: row.get(3)?, detail: row.get(4)? })
}

impl Store {
    /// Adds a row about something that changes nothing else, like a log-in.
    pub async fn record_action(&self, now: Timestamp, actor: &Actor, name: &'static str, detail: String) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| append(tx, now, &actor, name, &detail)).await
    }

    /// Rows that the log file does not hold yet, oldest first.
    pub async fn actions_for_file(&self, limit: u32) -> Result<Vec<Action>, StoreError> {
        self.read(move |tx| {
            let position: Option<String> = tx.query_row(POSITION, [], |row| row.get(0)).optional()?;
            let position: i64 = position.and_then(|text| text.parse().ok()).unwrap_or(0);
            let mut statement = tx.prepare_cached(AFTER)?;
            let rows = statement.query_map(params![position, limit], action)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The log file holds everything up to this row.
    pub async fn set_action_file_position(&self, seq: i64) -> Result<(), StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(SET_POSITION)?.execute([seq.to_string()]).map(drop)?)).await
    }
}

/// Where the chain begins: after the row that was cut off last, or at the very first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    seq: i64,
    hash: [u8; 32],
}

impl Anchor {
    const START: Self = Self { seq: 0, hash: [0; 32] };

    fn read(tx: &Connection) -> Result<Self, StoreError> {
        // A database that an older hub left has no such table: nothing was ever cut off its log.
        if !tx.prepare(HAS_ANCHOR)?.exists([])? {
            return Ok(Self::START);
        }
        let found = tx.prepare_cached(ANCHOR)?.query_row([], |row| Ok(Self { seq: row.get(0)?, hash: row.get(1)? })).optional()?;
        Ok(found.unwrap_or(Self::START))
    }

    /// What the row of the cut says; the chain itself so vouches for where it begins.
    fn words(self) -> String {
        let hash: String = self.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("cut off the action log up to row {}, whose hash is {hash}", self.seq)
    }
}

/// Deletes rows from before off the head, at most `limit`, and keeps what the next row refers to. Only what the log file
/// has is cut, and never the last row.
pub(super) fn cut(tx: &Connection, now: Timestamp, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
    let copied: Option<String> = tx.query_row(POSITION, [], |row| row.get(0)).optional()?;
    let copied: i64 = copied.and_then(|text| text.parse().ok()).unwrap_or(0);
    let last: Option<Anchor> = tx
        .prepare_cached(OLD)?
        .query_row(params![limit, before.as_millis(), copied], |row| Ok(Anchor { seq: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    let Some(anchor) = last else { return Ok(0) };
    append(tx, now, &Actor::new("hub"), CUT, &anchor.words())?;
    tx.prepare_cached(SET_ANCHOR)?.execute(params![anchor.seq, anchor.hash])?;
    Ok(tx.prepare_cached(DELETE)?.execute([anchor.seq])?)
}

/// Walks the chain from where it begins.
pub(super) fn verify(tx: &Connection) -> Result<Verification, StoreError> {
    let anchor = Anchor::read(tx)?;
    let mut said_cut = None;
    let mut statement = tx.prepare(CHAIN)?;
    let mut rows = statement.query([])?;
    let (mut expected_seq, mut previous) = (anchor.seq + 1, anchor.hash);
    while let Some(row) = rows.next()? {
        let entry = action(row)?;
        let (said_previous, said_hash): ([u8; 32], [u8; 32]) = (row.get(5)?, row.get(6)?);
        let reason = if entry.seq != expected_seq {
            Some("a row before this one is missing, or one was inserted")
        } else if said_previous != previous {
            Some("the row before this one is not the one it was written after")
        } else if entry.hash(&previous) != said_hash {
            Some("the row was altered")
        } else {
            None
        };
        if let Some(reason) = reason {
            return Ok(Verification::Broken { seq: entry.seq, reason });
        }
        (expected_seq, previous) = (entry.seq + 1, said_hash);
        if entry.action == CUT {
            said_cut = Some(entry.detail);
        }
    }
    let cut = (anchor != Anchor::START).then(|| anchor.words());
    if cut != said_cut {
        return Ok(Verification::Broken { seq: anchor.seq, reason: "rows up to this one were removed, and not by the hub" });
    }
    Ok(Verification::Whole { rows: expected_seq - 1 - anchor.seq })
}
