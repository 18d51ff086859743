//! Events, the latest of them. Read back they are history: they raise no alert and go to nobody.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use shared::{Severity, Timestamp, text};

use super::{Aftermath, MOST_ROWS, Notes, Plan, Section};
use crate::store::{SectionChange, StoreError};

pub(super) struct Events;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Its number where it comes from; absent: it gets a new one.
    #[serde(default)]
    id: Option<i64>,
    created_at: Timestamp,
    source: String,
    severity: Severity,
    message: String,
    channel: String,
    raw_payload: Value,
}

const LATEST: &str = "select id, created_at, source, severity, message, channel, raw_payload from events order by id desc limit ?1";
const SAME: &str = "select id from events where created_at = ?1 and source = ?2 and message = ?3 limit 1";
const TAKEN: &str = "select 1 from events where id = ?1";
const INSERT: &str = "insert into events (id, created_at, source, severity, message, channel, raw_payload)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7) returning id";
const SOURCE: usize = 80;
const MESSAGE: usize = 300;
const CHANNEL: usize = 40;
const RAW_BYTES: usize = 2 * shared::wire::limits::LINE_BYTES;

impl Section for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn is_usual(&self) -> bool {
        false
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(LATEST)?;
        let mut rows = statement.query([MOST_ROWS.cast_signed()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let raw: String = row.get(6)?;
            let raw: Box<RawValue> = RawValue::from_string(raw).map_err(|err| StoreError::Database(err.to_string()))?;
            let (id, source, severity): (i64, String, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
            let (message, channel): (String, String) = (row.get(4)?, row.get(5)?);
            let created_at = super::super::row::time(row, 1)?;
            found.push(json!({"id": id, "created_at": created_at, "source": source, "severity": severity, "message": message,
                "channel": channel, "raw_payload": raw}));
        }
        found.reverse();
        Ok(Value::Array(found))
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let mut fresh = Vec::new();
        let mut known = Vec::new();
        for (place, entry) in notes.list::<Entry>(found) {
            check(place, &entry, notes);
            match same(tx, &entry)? {
                Some(id) => {
                    change.unchanged += 1;
                    known.extend(entry.id.map(|from| (from, id)));
                }
                None => {
                    change.add(format!("{}: {}", entry.source, entry.message));
                    fresh.push(entry);
                }
            }
        }
        let write = move |tx: &Connection, _, _: &_, after: &mut Aftermath| {
            after.events.extend(known);
            fresh.into_iter().try_for_each(|entry| insert(tx, entry, after))
        };
        Ok(Plan { change, write: Box::new(write) })
    }
}

/// The event that it is already. What comes without a number is always another one.
fn same(tx: &Connection, entry: &Entry) -> Result<Option<i64>, StoreError> {
    if entry.id.is_none() {
        return Ok(None);
    }
    let values = params![entry.created_at.as_millis(), entry.source, entry.message];
    Ok(tx.prepare_cached(SAME)?.query_row(values, |row| row.get(0)).optional()?)
}

fn check(place: usize, entry: &Entry, notes: &mut Notes) {
    if entry.created_at > notes.now {
        notes.fault(&format!("[{place}].created_at"), "lies in the future");
    }
    let texts = [("source", &entry.source, SOURCE), ("message", &entry.message, MESSAGE), ("channel", &entry.channel, CHANNEL)];
    for (field, value, most) in texts {
        if text::one_line(value) != *value || value.is_empty() || text::cut(value, most) != value {
            notes.fault(&format!("[{place}].{field}"), format!("must be one line of 1 to {most} characters"));
        }
    }
    if entry.id.is_some_and(|id| id < 1) {
        notes.fault(&format!("[{place}].id"), "must be a positive number");
    }
    if !entry.raw_payload.is_object() || entry.raw_payload.to_string().len() > RAW_BYTES {
        notes.fault(&format!("[{place}].raw_payload"), "must be an object, and no larger than an event");
    }
}

/// Keeps its number if nobody has it here.
fn insert(tx: &Connection, entry: Entry, after: &mut Aftermath) -> Result<(), StoreError> {
    let id = match entry.id {
        Some(id) if !tx.prepare_cached(TAKEN)?.exists([id])? => Some(id),
        _ => None,
    };
    let severity = json!(entry.severity);
    let values = params![
        id,
        entry.created_at.as_millis(),
        entry.source,
        severity.as_str().unwrap_or("info"),
        entry.message,
        entry.channel,
        entry.raw_payload.to_string()
    ];
    let made: i64 = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0))?;
    after.events.extend(entry.id.map(|from| (from, made)));
    Ok(())
}
