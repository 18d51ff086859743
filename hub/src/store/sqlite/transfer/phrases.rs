//! Quick texts: one list, read back as a whole.

use hub_core::phrase;
use rusqlite::Connection;
use serde_json::{Value, json};
use shared::Timestamp;

use super::{Notes, Plan, Section};
use crate::store::sqlite::phrases;
use crate::store::{SectionChange, StoreError};

pub(super) struct Phrases;

impl Section for Phrases {
    fn name(&self) -> &'static str {
        "phrases"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        Ok(json!(phrases::read(tx)?))
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let now = phrases::read(tx)?;
        let texts: Vec<String> = notes.list(found).into_iter().map(|(_, text)| text).collect();
        let wanted = phrase::cleaned(&texts).unwrap_or_else(|problems| {
            for problem in problems {
                notes.fault(problem.field.trim_start_matches("phrases"), problem.reason);
            }
            Vec::new()
        });
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        if wanted == now {
            change.unchanged = wanted.len() as u64;
            return Ok(Plan { change, write: Box::new(|_, _, _, _| Ok(())) });
        }
        change.change("phrases");
        Ok(Plan { change, write: Box::new(move |tx, now, actor, _| phrases::write(tx, now, actor, &wanted)) })
    }
}
