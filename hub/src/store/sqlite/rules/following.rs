//! Alerts that people send and rules follow: an incident begins with the alert, goes on with what corrects it, ends with it.
//!
//! Alerts that its steps raise are copies: they are corrected and withdrawn together with it.

use hub_core::rule::{Rule, Rulebook, Sent};
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{AlertId, Timestamp};

use super::super::row::{self, ALERT};
use super::super::{actions, alerts};
use super::incidents::{self, Standing};
use super::tallies;
use crate::store::{Actor, Alert, StoreError};

const OPEN: &str = "insert into incidents (rule_id, rule_name, source, severity, title, text, plan, alert_seq, first_event,
    opened_at, closed_at, acted_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?9, ?9) returning id";
const IS_FOLLOWED: &str = "select 1 from incidents where alert_seq = ?1 and rule_id = ?2";
const IS_RAISED: &str = "select 1 from incident_alerts where alert_seq = ?1";
const PASS_ON: &str = "update incidents set alert_seq = ?2, severity = ?3, title = ?4, text = ?5 where alert_seq = ?1";
const JOIN: &str = "insert into incident_alerts (incident_id, alert_seq)
    select incident_id, ?2 from incident_alerts where alert_seq = ?1 on conflict do nothing";
const COPIES: &str = "select a.id from incidents i join incident_alerts c on c.incident_id = i.id join alerts a on a.seq = c.alert_seq
    where i.alert_seq = ?1 and a.withdrawn_at is null order by a.seq limit 100";
// 3 is displayed: those before it have not seen it, unless it ended before they did.
const UNSEEN: &str = "select c.name from deliveries d join clients c on c.id = d.client_id
    where d.alert_seq = ?1 and d.state <> 7 and coalesce(d.displayed_at, d.dismissed_at) is null order by c.sort_key limit 21";

/// Names of those who have not seen an alert that a notice says; one more is read, to know whether there are more.
const NAMED: usize = 20;

/// Writes down what is due first because of each rule that follows an alert, in the transaction that saves it.
pub(in crate::store::sqlite) fn begin(tx: &Connection, now: Timestamp, alert: &Alert, book: &Rulebook) -> Result<(), StoreError> {
    let seq = alert.seq.cast_signed();
    // What an incident raised is escalated by that one.
    if tx.prepare_cached(IS_RAISED)?.exists([seq])? {
        return Ok(());
    }
    let sent = Sent { from: &alert.from, severity: alert.severity, audience: &alert.audience };
    for rule in book.follow(&sent) {
        if !tx.prepare_cached(IS_FOLLOWED)?.exists(params![seq, rule.id])? {
            open(tx, now, alert, &rule)?;
        }
    }
    Ok(())
}

fn open(tx: &Connection, now: Timestamp, alert: &Alert, rule: &Rule) -> Result<(), StoreError> {
    let plan = serde_json::to_string(rule).map_err(|err| StoreError::Database(err.to_string()))?;
    let (severity, seq) = (alert.severity.rank(), alert.seq.cast_signed());
    let values = params![rule.id, rule.name, alert.from, severity, alert.title, alert.text, plan, seq, now.as_millis()];
    let id: i64 = tx.prepare_cached(OPEN)?.query_row(values, |row| row.get(0))?;
    // Of no event, as its first.
    tallies::open(tx, now, id, 0)?;
    incidents::schedule_next(tx, now, id, rule, 1)?;
    let detail = format!("rule {} follows alert {}: incident {id}", rule.name, alert.id);
    actions::append(tx, now, &Actor::new("hub"), "escalate.follow", &detail)
}

/// A corrected alert is what its incidents are about from now on, or belongs to the incident that raised the one before.
pub(in crate::store::sqlite) fn pass_on(tx: &Connection, old: &Alert, new: &Alert) -> Result<(), StoreError> {
    let (old, seq) = (old.seq.cast_signed(), new.seq.cast_signed());
    tx.prepare_cached(PASS_ON)?.execute(params![old, seq, new.severity.rank(), new.title, new.text])?;
    tx.prepare_cached(JOIN)?.execute([old, seq])?;
    Ok(())
}

/// What steps raised about an alert and nobody has withdrawn.
pub(in crate::store::sqlite) fn copies(tx: &Connection, alert: &Alert) -> Result<Vec<AlertId>, StoreError> {
    let mut statement = tx.prepare_cached(COPIES)?;
    let rows = statement.query_map([alert.seq.cast_signed()], |row| row::alert_id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The alert that an incident is about, of a rule that follows alerts.
pub(in crate::store::sqlite) fn subject(tx: &Connection, incident: &Standing) -> Result<Option<Alert>, StoreError> {
    let Some(seq) = incident.alert_seq else { return Ok(None) };
    let sql = format!("select {ALERT} from alerts a where a.seq = ?1");
    let Some(mut alert) = tx.prepare_cached(&sql)?.query_row([seq], row::alert).optional()? else { return Ok(None) };
    alert.audience = alerts::audiences(tx, alert.seq)?;
    Ok(Some(alert))
}

/// What is said outside about an alert that was not seen in time.
pub(in crate::store::sqlite) fn facts(tx: &Connection, alert: &Alert) -> Result<Vec<(String, String)>, StoreError> {
    let counts = alerts::counts(tx, alert.seq)?;
    let whom: Vec<String> =
        alert.audience.iter().take(5).map(|entry| format!("{} {}", entry.kind(), entry.name()).trim().to_owned()).collect();
    let mut facts = vec![
        ("alert".to_owned(), alert.id.to_string()),
        ("sender".to_owned(), alert.from.clone()),
        ("audience".to_owned(), whom.join(", ")),
        ("seen".to_owned(), format!("{} / {}", counts.seen, counts.recipients)),
        ("dismissed".to_owned(), format!("{} / {}", counts.dismissed, counts.recipients)),
    ];
    let unseen = unseen(tx, alert)?;
    if !unseen.is_empty() {
        facts.push(("unseen".to_owned(), unseen));
    }
    Ok(facts)
}

fn unseen(tx: &Connection, alert: &Alert) -> Result<String, StoreError> {
    let mut statement = tx.prepare_cached(UNSEEN)?;
    let rows = statement.query_map([alert.seq.cast_signed()], |row| row.get(0))?;
    let mut names: Vec<String> = rows.collect::<Result<_, _>>()?;
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("…".to_owned());
    }
    Ok(names.join(", "))
}
