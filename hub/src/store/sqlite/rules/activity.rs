//! What rules did lately.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::{Severity, Timestamp};

use super::super::{Store, row};
use super::incidents;
use crate::store::{EscalationStep, Incident, OpenIncident, Page, StepKind, StepOutcome, StoreError};

const LIST: &str = "select i.id, i.rule_id, i.rule_name, i.source, i.severity, i.text, t.count, i.opened_at, t.last_at, i.resolved_at, a.id
    from incidents i join incident_tallies t on t.incident_id = i.id left join alerts a on a.seq = i.alert_seq
    where (?1 is null or i.id < ?1) and (?2 is null or i.rule_id = ?2) order by i.id desc limit ?3";
const COUNT: &str = "select count(*) from incidents where (?1 is null or rule_id = ?1)";
const OPEN: &str = "select t.count, opened_at from incidents join incident_tallies t on t.incident_id = id
    where rule_id = ?1 and key = ?2 and closed_at is null and (until_at is null or until_at > ?3)";
const STEPS: &str =
    "select kind, number, due_at, done_at, outcome from escalations where incident_id = ?1 and kind <> 'remind' order by id desc limit 30";

impl Store {
    /// What an event with this key would join.
    pub async fn open_incident(&self, now: Timestamp, rule: String, key: String) -> Result<Option<OpenIncident>, StoreError> {
        self.read(move |tx| {
            let read =
                |row: &Row<'_>| Ok(OpenIncident { count: row.get::<_, i64>(0)?.max(0).cast_unsigned(), opened_at: row::time(row, 1)? });
            Ok(tx.prepare_cached(OPEN)?.query_row(params![rule, key, now.as_millis()], read).optional()?)
        })
        .await
    }

    /// Incidents, newest first, each with what was done about it.
    pub async fn incidents(&self, rule: Option<String>, before: Option<i64>, limit: u32) -> Result<Page<Incident>, StoreError> {
        self.read(move |tx| {
            let total: i64 = tx.prepare_cached(COUNT)?.query_row([&rule], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let mut items = statement.query_map(params![before, rule, limit + 1], incident)?.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |incident| incident.id.to_string());
            for item in &mut items {
                item.alerts = incidents::raised(tx, item.id)?.into_iter().map(|alert| alert.id).collect();
                item.steps = steps(tx, item.id)?;
            }
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }
}

/// The last ones, in their order.
fn steps(tx: &Connection, incident: i64) -> Result<Vec<EscalationStep>, StoreError> {
    let mut statement = tx.prepare_cached(STEPS)?;
    let mut steps = statement.query_map([incident], step)?.collect::<Result<Vec<_>, _>>()?;
    steps.reverse();
    Ok(steps)
}

fn step(row: &Row<'_>) -> rusqlite::Result<EscalationStep> {
    Ok(EscalationStep {
        kind: StepKind::parse(row.get_ref(0)?.as_str()?).unwrap_or(StepKind::Step),
        number: row.get(1)?,
        due_at: row::time(row, 2)?,
        done_at: row::maybe_time(row, 3)?,
        outcome: StepOutcome::parse(row.get_ref(4)?.as_str()?).unwrap_or(StepOutcome::Waiting),
    })
}

fn incident(row: &Row<'_>) -> rusqlite::Result<Incident> {
    Ok(Incident {
        id: row.get(0)?,
        rule_id: row.get(1)?,
        rule_name: row.get(2)?,
        source: row.get(3)?,
        severity: Severity::from_rank(row.get(4)?).unwrap_or_default(),
        text: row.get(5)?,
        count: row.get::<_, i64>(6)?.max(0).cast_unsigned(),
        opened_at: row::time(row, 7)?,
        last_at: row::time(row, 8)?,
        resolved_at: row::maybe_time(row, 9)?,
        about: row::maybe_alert_id(row, 10)?,
        alerts: Vec::new(),
        steps: Vec::new(),
    })
}
