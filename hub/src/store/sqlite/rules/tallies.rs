//! How many events joined an incident: counted in memory over a batch, written down once for each incident at its end.
//!
//! Which incident takes a kind of event in is remembered from batch to batch, as long as nobody else has changed anything.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

use hub_core::rule::Effect;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use shared::Timestamp;

use super::super::bulk::{self, Bulk};
use super::super::{lock, row};
use crate::store::StoreError;

const FIND: &str = "select id, acted_at is not null, (select max(alert_seq) from incident_alerts where incident_id = id), until_at
    from incidents where rule_id = ?1 and key = ?2 and closed_at is null and (until_at is null or until_at > ?3)";
const OPEN: &str = "insert into incident_tallies (incident_id, count, last_event, last_at) values (?1, 1, ?2, ?3)";
const ADD_ONE: &str = "update incident_tallies set count = count + 1, last_event = ?2, last_at = ?3 where incident_id = ?1";
/// Incidents that are there already: how many events more, and the last of them. Many at once are faster so than by `update`.
static ADD_ALL: Bulk = LazyLock::new(|| {
    let tail = "on conflict (incident_id) do update set count = count + excluded.count, last_event = excluded.last_event,
        last_at = excluded.last_at";
    let row = |own| format!("(?{own}, ?{}, ?{}, ?1)", own + 1, own + 2);
    bulk::statements("insert into incident_tallies (incident_id, count, last_event, last_at) values", 1, 3, row, tail)
});
/// Incidents that are remembered; a flood of ever new texts must not fill the memory.
const MOST: usize = 10_000;

/// What one batch leaves to the next.
#[derive(Default)]
pub(in crate::store::sqlite) struct Memory(Mutex<Option<Left>>);

struct Left {
    at: Mark,
    known: Known,
}

/// A state of the database: another mark, and what is remembered may not be so any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::sqlite) struct Mark {
    /// Rows that the writer has ever changed, undone ones included.
    changes: u64,
    /// How often something was undone after its work had ended.
    undone: u64,
}

impl Mark {
    pub fn of(tx: &Connection, undone: u64) -> Self {
        Self { changes: tx.total_changes(), undone }
    }
}

type Known = HashMap<(String, String), Taking>;

/// What the events of one batch joined.
pub(in crate::store::sqlite) struct Tallies {
    known: Known,
    /// By incident: how many events, and the last of them.
    joined: BTreeMap<i64, (i64, i64)>,
}

/// An incident that takes events in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taking {
    pub id: i64,
    /// What comes now is only counted.
    pub is_told: bool,
    /// Its last alert.
    pub alert: Option<i64>,
    until: Option<Timestamp>,
}

impl Tallies {
    /// What is left in the memory is taken out of it: a batch that fails leaves nothing.
    pub fn begin(memory: &Memory, at: Mark) -> Self {
        let left = lock(&memory.0).take().filter(|left| left.at == at && left.known.len() < MOST);
        Self { known: left.map(|left| left.known).unwrap_or_default(), joined: BTreeMap::new() }
    }

    /// Writes down what was counted, as the last of a batch.
    pub fn end(self, tx: &Connection, now: Timestamp, undone: u64, memory: &Memory) -> Result<(), StoreError> {
        let rows: Vec<[&dyn ToSql; 3]> =
            self.joined.iter().map(|(incident, (count, last))| [incident as &dyn ToSql, count, last]).collect();
        bulk::write(tx, ADD_ALL.as_slice(), &[&now.as_millis()], &rows)?;
        *lock(&memory.0) = Some(Left { at: Mark::of(tx, undone), known: self.known });
        Ok(())
    }

    /// The incident that takes in what a rule wants of an event with this key.
    pub(super) fn taking(&mut self, tx: &Connection, now: Timestamp, effect: &Effect, key: &str) -> Result<Option<Taking>, StoreError> {
        let rule = &effect.rule.id;
        let place = (rule.clone(), key.to_owned());
        if let Some(known) = self.known.get(&place).filter(|known| known.until.is_none_or(|end| end > now)) {
            return Ok(Some(*known));
        }
        let read =
            |row: &Row<'_>| Ok(Taking { id: row.get(0)?, is_told: row.get(1)?, alert: row.get(2)?, until: row::maybe_time(row, 3)? });
        let mut found = tx.prepare_cached(FIND)?.query_row(params![rule, key, now.as_millis()], read).optional()?;
        if let Some(taking) = &mut found {
            // One without a window may have to be amended: it is looked at anew each time.
            taking.is_told &= effect.window_s.is_some();
        }
        match found {
            Some(told) if told.is_told => self.known.insert(place, told),
            _ => self.known.remove(&place),
        };
        Ok(found)
    }

    /// Counts an event; it is written down with the others of the batch.
    pub(super) fn count(&mut self, incident: i64, event: i64) {
        let (count, last) = self.joined.entry(incident).or_default();
        (*count, *last) = (*count + 1, event);
    }
}

/// Begins to count the events of an incident with its first.
pub(super) fn open(tx: &Connection, now: Timestamp, incident: i64, event: i64) -> Result<(), StoreError> {
    tx.prepare_cached(OPEN)?.execute(params![incident, event, now.as_millis()])?;
    Ok(())
}

/// Counts an event at once: somebody reads the incident next.
pub(super) fn add_one(tx: &Connection, now: Timestamp, incident: i64, event: i64) -> Result<(), StoreError> {
    tx.prepare_cached(ADD_ONE)?.execute(params![incident, event, now.as_millis()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(at: Mark) -> Memory {
        let taking = Taking { id: 1, is_told: true, alert: None, until: None };
        let known = HashMap::from([(("rule".to_owned(), "key".to_owned()), taking)]);
        Memory(Mutex::new(Some(Left { at, known })))
    }

    #[test]
    fn what_is_remembered_holds_only_for_the_same_state_of_the_database() {
        let at = Mark { changes: 7, undone: 1 };
        assert_eq!(Tallies::begin(&remembered(at), at).known.len(), 1);
        assert!(Tallies::begin(&remembered(at), Mark { changes: 8, ..at }).known.is_empty(), "somebody wrote");
        assert!(Tallies::begin(&remembered(at), Mark { undone: 2, ..at }).known.is_empty(), "a commit failed");
    }

    #[test]
    fn a_batch_that_fails_leaves_nothing_to_the_next() {
        let at = Mark { changes: 7, undone: 1 };
        let memory = remembered(at);
        drop(Tallies::begin(&memory, at));
        assert!(Tallies::begin(&memory, at).known.is_empty());
    }
}
