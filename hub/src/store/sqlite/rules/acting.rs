//! What a rule or a step wants is done: alerts are raised, mail is queued. Nothing here asks whether it is needed.

use hub_core::alert::{Draft, default_expiry};
use hub_core::rule::{Actions, OnCall, on_duty};
use rusqlite::{Connection, params};
use shared::wire::limits;
use shared::{AlertId, Audience, Timestamp, text};

use super::super::alerts;
use super::documents;
use super::incidents::{self, Raised, Standing};
use crate::security::token::random_u128;
use crate::store::{Actor, Consequences, NewAlert, NewEvent, RuleDocument, StepKind, StoreError};

const ACTED: &str = "update incidents set acted_at = ?2 where id = ?1";
const ACT_DONE: &str = "update escalations set state = 'done', done_at = ?2, outcome = 'done'
    where incident_id = ?1 and kind = 'act' and state = 'waiting'";
const RECORD_ACT: &str = "insert into escalations (incident_id, kind, number, due_at, state, done_at, outcome)
    values (?1, 'act', 1, ?2, 'done', ?2, 'done') on conflict do nothing";
const ALERT: &str = "insert into incident_alerts (incident_id, alert_seq) values (?1, ?2) on conflict do nothing";

/// Does what the rule of a new incident wants, and writes down what is due next. Its alert, if it raised one.
pub(super) fn first(tx: &Connection, now: Timestamp, id: i64, told: &mut Consequences) -> Result<Option<i64>, StoreError> {
    let incident = incidents::find(tx, id)?;
    let alert = act(tx, now, &incident, &incident.plan.then, "act-1", told)?;
    tx.prepare_cached(ACTED)?.execute(params![id, now.as_millis()])?;
    tx.prepare_cached(RECORD_ACT)?.execute(params![id, now.as_millis()])?;
    incidents::schedule_next(tx, now, id, &incident.plan, 1)?;
    if let Some(repeat) = incident.plan.repeat_s {
        incidents::schedule(tx, id, StepKind::Repeat, 1, now.plus_millis(i64::from(repeat) * 1_000))?;
    }
    Ok(alert)
}

/// The same for an incident that was held.
pub(super) fn act_now(tx: &Connection, now: Timestamp, id: i64, told: &mut Consequences) -> Result<Option<i64>, StoreError> {
    tx.prepare_cached(ACT_DONE)?.execute(params![id, now.as_millis()])?;
    first(tx, now, id, told)
}

/// `what` is a name that stays the same however often this is tried. The alert that was raised, if any.
pub(super) fn act(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    then: &Actions,
    _what: &str,
    told: &mut Consequences,
) -> Result<Option<i64>, StoreError> {
    let reach = reach(tx, now, incident, then)?;
    if reach.screens.is_empty() {
        return Ok(None);
    }
    let recorded = alerts::record(tx, &Actor::new(&incident.source), &alert(tx, now, incident, reach.screens)?)?;
    let seq = recorded.alert.seq.cast_signed();
    tx.prepare_cached(ALERT)?.execute(params![incident.id, seq])?;
    told.raised.push(recorded);
    Ok(Some(seq))
}

/// Whom an action reaches now: its own screens and addresses, and those of whoever is on call.
struct Reached {
    screens: Vec<Audience>,
    mail: Vec<String>,
}

fn reach(tx: &Connection, now: Timestamp, incident: &Standing, then: &Actions) -> Result<Reached, StoreError> {
    let mut reached = Reached { screens: then.screens.clone(), mail: then.mail.clone() };
    if !then.on_call.is_empty() {
        let rotations: Vec<OnCall> = documents::document(tx, RuleDocument::OnCall)?.unwrap_or_default();
        let meant = rotations.iter().filter(|rotation| then.on_call.contains(&rotation.name));
        for duty in meant.filter_map(|rotation| on_duty(rotation, now)) {
            reached.screens.extend(duty.turn.screens.iter().cloned());
            reached.mail.extend(duty.turn.mail.iter().cloned());
        }
    }
    if let Some(group) = &incident.bound_group {
        for audience in reached.screens.iter_mut().filter(|audience| **audience == Audience::Global) {
            *audience = Audience::Group { name: group.clone() };
        }
    }
    let mut seen = std::collections::HashSet::new();
    reached.screens.retain(|audience| seen.insert(audience.clone()));
    let mut seen = std::collections::HashSet::new();
    reached.mail.retain(|address| seen.insert(address.to_lowercase()));
    Ok(reached)
}

fn alert(tx: &Connection, now: Timestamp, incident: &Standing, audience: Vec<Audience>) -> Result<NewAlert, StoreError> {
    let is_first = incidents::raised(tx, incident.id)?.is_empty();
    let draft = Draft {
        audience,
        severity: incident.severity,
        title: incident.title.clone(),
        text: counted(incident),
        expires_in_ms: default_expiry(incident.severity),
        replies: Vec::new(),
        drill: false,
    };
    Ok(NewAlert {
        id: AlertId::from_parts(now, random_u128()),
        draft,
        from: incident.source.clone(),
        sent_at: now,
        // The first one stands for the incident, also for those who look by its key.
        dedup_key: incident.key.as_deref().and_then(|key| key.strip_prefix("key:")).filter(|_| is_first).map(str::to_owned),
        idempotency: None,
    })
}

/// The text, with the number of events where it is more than one.
fn counted(incident: &Standing) -> String {
    if incident.count < 2 {
        return incident.text.clone();
    }
    let mark = format!(" (×{})", incident.count);
    let room = limits::TEXT_CHARS.saturating_sub(mark.chars().count());
    format!("{}{mark}", text::cut(&incident.text, room))
}

/// The alert of an incident that goes on says what is so now.
pub(super) fn amend(
    _tx: &Connection,
    _now: Timestamp,
    _incident: &Standing,
    _new: &NewEvent,
    _raised: &[Raised],
    _told: &mut Consequences,
) -> Result<(), StoreError> {
    Ok(())
}
