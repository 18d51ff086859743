//! Alerts by day, for people and spreadsheets: what was counted is not read back.

use rusqlite::Connection;
use serde_json::{Value, json};
use shared::{Severity, Timestamp};

use super::{Notes, Plan, Section};
use crate::store::StoreError;

pub(super) struct Figures;

const DAYS: &str = "select day, severity, sender, alerts from alert_days order by day, severity, sender limit 200000";

impl Section for Figures {
    fn name(&self) -> &'static str {
        "statistics"
    }

    fn is_usual(&self) -> bool {
        false
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(DAYS)?;
        let rows = statement.query_map([], |row| {
            let (day, sender, alerts): (String, String, i64) = (row.get(0)?, row.get(2)?, row.get(3)?);
            let severity = Severity::from_rank(row.get(1)?).unwrap_or_default();
            Ok(json!({"day": day, "severity": severity, "sender": sender, "alerts": alerts}))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn plan(&self, _: &Connection, found: Value, _: &mut Notes) -> Result<Plan, StoreError> {
        Ok(Plan::ignored(self, &found))
    }
}
