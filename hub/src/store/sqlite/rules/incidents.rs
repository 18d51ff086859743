//! Which events belong together: one incident of a rule takes them in, counts them, and is closed when it is over.

use hub_core::escalate;
use hub_core::rule::{Effect, Rule};
use rusqlite::{Connection, Row, params};
use shared::wire::limits;
use shared::{AlertId, Severity, Timestamp, text};

use super::super::{alerts, row};
use super::tallies::{self, Tallies};
use super::{acting, amending, json};
use crate::store::{Actor, Consequences, NewEvent, StepKind, StoreError, Withdrawal};

const LAST_ALERT: &str = "select max(alert_seq) from incident_alerts where incident_id = ?1";
const CLOSE_KEY: &str = "update incidents set closed_at = ?3 where rule_id = ?1 and key = ?2 and closed_at is null";
const OPEN: &str = "insert into incidents (rule_id, rule_name, key, source, severity, title, text, plan, bound_group, first_event,
    opened_at, until_at, closed_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const RESOLVED: &str = "update incidents set closed_at = ?2, resolved_at = ?2 where key = ?1 and closed_at is null returning id";
const FIND: &str = "select id, rule_name, key, source, severity, title, text, plan, bound_group, t.last_event, t.last_at, t.count,
    acted_at, resolved_at, amended_at, alert_seq from incidents join incident_tallies t on t.incident_id = id where id = ?1";
const ALERTS: &str = "select a.seq, a.id, a.withdrawn_at, a.expires_at from incident_alerts i join alerts a on a.seq = i.alert_seq
    where i.incident_id = ?1 order by a.seq limit 100";
const SUBJECT: &str = "select seq, id, withdrawn_at, expires_at from alerts where seq = ?1";
const WITHDRAWN_WITH: &str = "select a.id from incident_alerts i join alerts a on a.seq = i.alert_seq
    where i.incident_id = ?1 and a.withdrawn_at is null order by a.seq limit 100";
const STANDING: &str = "select id from alerts where dedup_key = ?1 and withdrawn_at is null
    and (expires_at is null or expires_at > ?2) order by seq limit 100";
const SCHEDULE: &str = "insert into escalations (incident_id, kind, number, due_at) values (?1, ?2, ?3, ?4) on conflict do nothing";
const NEWER: &str = "update incidents set severity = ?2, title = ?3, text = ?4 where id = ?1";

/// An incident as it stands.
pub(in crate::store::sqlite) struct Standing {
    pub id: i64,
    pub rule_name: String,
    pub key: Option<String>,
    pub source: String,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub plan: Rule,
    pub bound_group: Option<String>,
    pub last_event: i64,
    pub last_at: Timestamp,
    pub count: i64,
    pub acted_at: Option<Timestamp>,
    pub amended_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    /// What it is about, of a rule that follows alerts.
    pub alert_seq: Option<i64>,
}

impl Standing {
    /// The last event, if it is about events.
    pub fn event(&self) -> Option<i64> {
        self.alert_seq.is_none().then_some(self.last_event)
    }
}

/// An alert of an incident.
pub(super) struct Raised {
    pub seq: i64,
    pub id: AlertId,
    pub withdrawn_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

impl Raised {
    pub fn stands(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// Takes an event into the incident that its rule means, or opens one. The alert that the event belongs to, if any.
pub(in crate::store::sqlite) fn take_in(
    tx: &Connection,
    now: Timestamp,
    new: &NewEvent,
    effect: &Effect,
    event: i64,
    tallies: &mut Tallies,
    told: &mut Consequences,
) -> Result<Option<i64>, StoreError> {
    if let Some(key) = &effect.key {
        match tallies.taking(tx, now, effect, key)? {
            // The usual case in a flood: the same again.
            Some(taking) if taking.is_told => {
                tallies.count(taking.id, event);
                note_joined(new, effect, told);
                return Ok(taking.alert);
            }
            Some(taking) => {
                tallies::add_one(tx, now, taking.id, event)?;
                if let Joined::Yes(alert) = join(tx, now, new, effect, taking.id, told)? {
                    note_joined(new, effect, told);
                    return Ok(alert);
                }
            }
            None => {}
        }
        tx.prepare_cached(CLOSE_KEY)?.execute(params![effect.rule.id, key, now.as_millis()])?;
    }
    open(tx, now, new, effect, event, told)
}

/// The audit of mail says why there is none; that is written down with the others of the batch.
fn note_joined(new: &NewEvent, effect: &Effect, told: &mut Consequences) {
    if !effect.rule.then.mail.is_empty() {
        told.unmailed.push(format!("{}: {}", new.source, title(new)));
    }
}

enum Joined {
    /// Its alert, if it has one.
    Yes(Option<i64>),
    /// Somebody took its alert back, or it has run out: what comes now is new.
    No,
}

fn join(tx: &Connection, now: Timestamp, new: &NewEvent, effect: &Effect, id: i64, told: &mut Consequences) -> Result<Joined, StoreError> {
    let raised = raised(tx, id)?;
    if effect.window_s.is_none() && !raised.is_empty() && !raised.iter().any(|alert| alert.stands(now)) {
        return Ok(Joined::No);
    }
    let incident = find(tx, id)?;
    if incident.acted_at.is_none() {
        refresh(tx, &incident, new)?;
        if effect.wait_s == 0 {
            // A critical one does not wait for the others of its group.
            acting::hurry(tx, now, id, new, told)?;
        }
    } else if effect.window_s.is_none() {
        amending::amend(tx, now, &incident, new, &raised, told)?;
    }
    // It joined what stood when it came, even if it put a successor in its place.
    match raised.last() {
        Some(alert) => Ok(Joined::Yes(Some(alert.seq))),
        None => Ok(Joined::Yes(tx.prepare_cached(LAST_ALERT)?.query_row([id], |row| row.get(0))?)),
    }
}

/// What was held says what came last, and is as severe as its worst.
pub(super) fn refresh(tx: &Connection, incident: &Standing, new: &NewEvent) -> Result<(), StoreError> {
    let severity = incident.severity.max(new.event.severity);
    tx.prepare_cached(NEWER)?.execute(params![incident.id, severity.rank(), title(new), body(new)])?;
    Ok(())
}

pub(super) fn title(new: &NewEvent) -> &str {
    new.event.title.as_deref().unwrap_or_else(|| text::cut(&new.source, limits::TITLE_CHARS))
}

pub(super) fn body(new: &NewEvent) -> &str {
    new.event.body.as_deref().unwrap_or(&new.event.message)
}

fn open(
    tx: &Connection,
    now: Timestamp,
    new: &NewEvent,
    effect: &Effect,
    event: i64,
    told: &mut Consequences,
) -> Result<Option<i64>, StoreError> {
    let rule = effect.rule.as_ref();
    let plan = serde_json::to_string(rule).map_err(|err| StoreError::Database(err.to_string()))?;
    let until = effect.window_s.map(|window| now.plus_millis(i64::from(window.max(effect.wait_s)) * 1_000).as_millis());
    let closed = effect.key.is_none().then_some(now.as_millis());
    tx.prepare_cached(OPEN)?.execute(params![
        rule.id,
        rule.name,
        effect.key,
        new.source,
        new.event.severity.rank(),
        title(new),
        body(new),
        plan,
        new.bound_group,
        event,
        now.as_millis(),
        until,
        closed
    ])?;
    let id = tx.last_insert_rowid();
    tallies::open(tx, now, id, event)?;
    if effect.wait_s > 0 {
        schedule(tx, id, StepKind::Act, 1, now.plus_millis(i64::from(effect.wait_s) * 1_000))?;
        return Ok(None);
    }
    acting::first(tx, now, id, Some(new), told)
}

/// Ends the incidents of a key: their alerts are withdrawn, their steps are not needed any more.
pub(in crate::store::sqlite) fn resolve(tx: &Connection, now: Timestamp, actor: &Actor, key: &str) -> Result<Vec<Withdrawal>, StoreError> {
    let mut statement = tx.prepare_cached(RESOLVED)?;
    let closed = statement.query_map(params![format!("key:{key}"), now.as_millis()], |row| row.get(0))?;
    let closed: Vec<i64> = closed.collect::<Result<_, _>>()?;
    let mut withdrawn = Vec::new();
    for incident in closed {
        let alerts = ids(tx, WITHDRAWN_WITH, [incident])?;
        for id in alerts {
            withdrawn.push(alerts::withdraw(tx, now, actor, id, Some("resolved"))?);
        }
    }
    // What stands by its key alone: sent by hand, or before there were incidents.
    for id in ids(tx, STANDING, params![key, now.as_millis()])? {
        withdrawn.push(alerts::withdraw(tx, now, actor, id, Some("resolved"))?);
    }
    Ok(withdrawn)
}

fn ids(tx: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<Vec<AlertId>, StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| row::alert_id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn schedule(tx: &Connection, incident: i64, kind: StepKind, number: u32, due: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(SCHEDULE)?.execute(params![incident, kind.as_str(), number, due.as_millis()])?;
    Ok(())
}

/// The steps that follow what was just done, each in its time.
pub(super) fn schedule_next(tx: &Connection, now: Timestamp, incident: i64, plan: &Rule, number: u32) -> Result<(), StoreError> {
    match escalate::due(&plan.steps, number, now) {
        Some(due) => schedule(tx, incident, StepKind::Step, number, due),
        None => Ok(()),
    }
}

pub(super) fn raised(tx: &Connection, incident: i64) -> Result<Vec<Raised>, StoreError> {
    listed(tx, ALERTS, incident)
}

/// The alerts that somebody has to see: those that an incident raised, or the one that it follows. A copy of that one on other
/// screens does not tell who has seen it where it was sent.
pub(super) fn watched(tx: &Connection, incident: &Standing) -> Result<Vec<Raised>, StoreError> {
    match incident.alert_seq {
        Some(seq) => listed(tx, SUBJECT, seq),
        None => raised(tx, incident.id),
    }
}

fn listed(tx: &Connection, sql: &str, of: i64) -> Result<Vec<Raised>, StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([of], |row| {
        Ok(Raised {
            seq: row.get(0)?,
            id: row::alert_id(row, 1)?,
            withdrawn_at: row::maybe_time(row, 2)?,
            expires_at: row::maybe_time(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn find(tx: &Connection, id: i64) -> Result<Standing, StoreError> {
    Ok(tx.prepare_cached(FIND)?.query_row([id], standing)?)
}

fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        id: row.get(0)?,
        rule_name: row.get(1)?,
        key: row.get(2)?,
        source: row.get(3)?,
        severity: Severity::from_rank(row.get(4)?).unwrap_or_default(),
        title: row.get(5)?,
        text: row.get(6)?,
        plan: json(row, 7)?,
        bound_group: row.get(8)?,
        last_event: row.get(9)?,
        last_at: row::time(row, 10)?,
        count: row.get(11)?,
        acted_at: row::maybe_time(row, 12)?,
        resolved_at: row::maybe_time(row, 13)?,
        amended_at: row::maybe_time(row, 14)?,
        alert_seq: row.get(15)?,
    })
}
