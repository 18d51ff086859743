//! The audit of mail, the latest of it. Read back it is history: nothing is sent again.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Timestamp, text};

use super::{Aftermath, MOST_ROWS, Notes, Plan, Section};
use crate::store::sqlite::row;
use crate::store::{SectionChange, StoreError};

pub(super) struct Emails;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    event_id: Option<i64>,
    created_at: Timestamp,
    recipient: String,
    status: String,
    detail: String,
    #[serde(default)]
    subject: String,
}

const LATEST: &str = "select event_id, created_at, recipient, status, detail, subject from email_alerts order by id desc limit ?1";
const SAME: &str = "select 1 from email_alerts where created_at = ?1 and recipient = ?2 and status = ?3 and detail = ?4 limit 1";
const INSERT: &str = "insert into email_alerts (event_id, created_at, recipient, status, detail, subject) values (?1, ?2, ?3, ?4, ?5, ?6)";
const STATUSES: [&str; 3] = ["sent", "failed", "skipped"];

impl Section for Emails {
    fn name(&self) -> &'static str {
        "emails"
    }

    fn is_usual(&self) -> bool {
        false
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(LATEST)?;
        let rows = statement.query_map([MOST_ROWS.cast_signed()], |row| {
            Ok(json!(Entry {
                event_id: row.get(0)?,
                created_at: row::time(row, 1)?,
                recipient: row.get(2)?,
                status: row.get(3)?,
                detail: row.get(4)?,
                subject: row.get(5)?,
            }))
        })?;
        let mut found = rows.collect::<Result<Vec<_>, _>>()?;
        found.reverse();
        Ok(Value::Array(found))
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let mut fresh = Vec::new();
        for (place, entry) in notes.list::<Entry>(found) {
            check(place, &entry, notes);
            let values = params![entry.created_at.as_millis(), entry.recipient, entry.status, entry.detail];
            if tx.prepare_cached(SAME)?.exists(values)? {
                change.unchanged += 1;
            } else {
                change.add(format!("{}: {}", entry.recipient, entry.status));
                fresh.push(entry);
            }
        }
        let write = move |tx: &Connection, _, _: &_, after: &mut Aftermath| {
            let mut statement = tx.prepare_cached(INSERT)?;
            for entry in &fresh {
                let event = entry.event_id.and_then(|id| after.events.get(&id));
                statement.execute(params![
                    event,
                    entry.created_at.as_millis(),
                    entry.recipient,
                    entry.status,
                    entry.detail,
                    entry.subject
                ])?;
            }
            Ok(())
        };
        Ok(Plan { change, write: Box::new(write) })
    }
}

fn check(place: usize, entry: &Entry, notes: &mut Notes) {
    for (field, value, most) in [("recipient", &entry.recipient, 320), ("detail", &entry.detail, 2_000), ("subject", &entry.subject, 1_000)]
    {
        if text::one_line(value) != *value || text::cut(value, most) != value {
            notes.fault(&format!("[{place}].{field}"), format!("must be one line of at most {most} characters"));
        }
    }
    if !STATUSES.contains(&entry.status.as_str()) {
        notes.fault(&format!("[{place}].status"), "must be sent, failed or skipped");
    }
}
