//! What a rule or a step wants is done: alerts are raised, mail is queued. Nothing here asks whether it is needed.

use hub_core::alert::{Draft, expiry_of};
use hub_core::rule::{Actions, OnCall, on_duty};
use rusqlite::{Connection, params};
use shared::wire::limits;
use shared::{AlertId, Audience, Timestamp, text};

use super::super::notices::{self, Cause};
use super::super::{alerts, outgoing};
use super::documents;
use super::incidents::{self, Standing};
use crate::security::token::random_u128;
use crate::store::{Actor, Consequences, NewAlert, NewEvent, Occasion, RuleDocument, StepKind, StoreError, To};

/// Stands for the mailboxes of `smtp.to`.
const OPERATORS: &str = "default";

const ACTED: &str = "update incidents set acted_at = ?2 where id = ?1";
const ACT_DONE: &str = "update escalations set state = 'done', done_at = ?2, outcome = 'done'
    where incident_id = ?1 and kind = 'act' and state = 'waiting'";
const RECORD_ACT: &str = "insert into escalations (incident_id, kind, number, due_at, state, done_at, outcome)
    values (?1, 'act', 1, ?2, 'done', ?2, 'done') on conflict do nothing";
const ALERT: &str = "insert into incident_alerts (incident_id, alert_seq) values (?1, ?2) on conflict do nothing";

/// Does what the rule of a new incident wants, and writes down what is due next. Its alert, if it raised one.
pub(super) fn first(
    tx: &Connection,
    now: Timestamp,
    id: i64,
    event: Option<&NewEvent>,
    told: &mut Consequences,
) -> Result<Option<i64>, StoreError> {
    let incident = incidents::find(tx, id)?;
    let cause = Cause { occasion: Occasion::Event, what: "act-1", event };
    let alert = act(tx, now, &incident, &incident.plan.then, cause, told)?;
    tx.prepare_cached(ACTED)?.execute(params![id, now.as_millis()])?;
    tx.prepare_cached(RECORD_ACT)?.execute(params![id, now.as_millis()])?;
    incidents::schedule_next(tx, now, id, &incident.plan, 1)?;
    if let Some(repeat) = incident.plan.repeat_s {
        incidents::schedule(tx, id, StepKind::Repeat, 1, now.plus_millis(i64::from(repeat) * 1_000))?;
    }
    Ok(alert)
}

/// The same for an incident that was held.
pub(super) fn hurry(tx: &Connection, now: Timestamp, id: i64, event: &NewEvent, told: &mut Consequences) -> Result<(), StoreError> {
    tx.prepare_cached(ACT_DONE)?.execute(params![id, now.as_millis()])?;
    first(tx, now, id, Some(event), told).map(drop)
}

/// The alert that was raised, if any.
pub(super) fn act(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    then: &Actions,
    cause: Cause<'_>,
    told: &mut Consequences,
) -> Result<Option<i64>, StoreError> {
    let Reached { screens, mail } = reach(tx, now, incident, then)?;
    let raised = if screens.is_empty() { None } else { Some(raise(tx, now, incident, screens, told)?) };
    let mut targets: Vec<To> = then.webhooks.iter().cloned().map(To::Webhook).collect();
    let (operators, addresses): (Vec<String>, Vec<String>) = mail.into_iter().partition(|address| address == OPERATORS);
    if !operators.is_empty() {
        targets.push(To::Operators);
    }
    if !addresses.is_empty() {
        targets.push(To::Mailboxes(addresses));
    }
    for to in targets {
        let notice = notices::of_incident(now, incident, cause, raised.map(|(_, id)| id), to);
        told.emails.extend(outgoing::enqueue(tx, now, &notice)?);
    }
    Ok(raised.map(|(seq, _)| seq))
}

fn raise(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    screens: Vec<Audience>,
    told: &mut Consequences,
) -> Result<(i64, AlertId), StoreError> {
    let recorded = alerts::record(tx, &Actor::new(&incident.source), &alert(tx, now, incident, screens)?)?;
    let (seq, id) = (recorded.alert.seq.cast_signed(), recorded.alert.id);
    tx.prepare_cached(ALERT)?.execute(params![incident.id, seq])?;
    told.raised.push(recorded);
    Ok((seq, id))
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
        expires_in_ms: expiry_of(incident.severity),
        replies: Vec::new(),
        free_reply: false,
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
