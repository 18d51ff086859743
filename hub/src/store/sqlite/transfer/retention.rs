//! What the administrator sets while the hub runs.

use rusqlite::Connection;
use serde_json::{Value, json};
use shared::Timestamp;

use super::{Notes, Plan, Section};
use crate::store::sqlite::kept;
use crate::store::{SectionChange, Settings as Found, StoreError};

pub(super) struct Settings;

impl Section for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        Ok(json!(kept::read(tx)?))
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let now = kept::read(tx)?;
        let wanted = match serde_json::from_value::<Found>(found) {
            Ok(wanted) => wanted,
            Err(err) => {
                notes.fault("", err.to_string());
                now
            }
        };
        for problem in wanted.retention.problems(".retention") {
            notes.fault(&problem.field, problem.reason);
        }
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        if wanted == now {
            change.unchanged = 1;
        } else {
            change.change("retention");
        }
        Ok(Plan { change, write: Box::new(move |tx, now, actor, _| kept::write(tx, now, actor, wanted)) })
    }
}
