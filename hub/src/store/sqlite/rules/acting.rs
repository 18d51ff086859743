//! What a rule or a step wants is done: alerts are raised, mail is queued. Nothing here asks whether it is needed.

use hub_core::alert::{Draft, expiry_of};
use hub_core::rule::{Actions, OnCall, on_duty};
use rusqlite::{Connection, params};
use shared::wire::limits;
use shared::{AlertId, Audience, Timestamp, text};

use super::super::notices::{self, Cause, Known};
use super::super::{alerts, moments, outgoing};
use super::incidents::{self, Standing};
use super::{documents, following};
use crate::security::token::random_u128;
use crate::store::{Actor, Alert, Consequences, NewAlert, NewEvent, Occasion, RuleDocument, StepKind, StoreError, To};

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
    let cause = Cause { occasion: Occasion::Event, what: "act-1", event, note: "" };
    let acted = act(tx, now, &incident, &incident.plan.then, cause, told)?;
    tx.prepare_cached(ACTED)?.execute(params![id, now.as_millis()])?;
    tx.prepare_cached(RECORD_ACT)?.execute(params![id, now.as_millis()])?;
    incidents::schedule_next(tx, now, id, &incident.plan, 1)?;
    if let Some(repeat) = incident.plan.repeat_s {
        incidents::schedule(tx, id, StepKind::Repeat, 1, now.plus_millis(i64::from(repeat) * 1_000))?;
    }
    Ok(acted.raised_seq())
}

/// The same for an incident that was held.
pub(super) fn hurry(tx: &Connection, now: Timestamp, id: i64, event: &NewEvent, told: &mut Consequences) -> Result<(), StoreError> {
    tx.prepare_cached(ACT_DONE)?.execute(params![id, now.as_millis()])?;
    first(tx, now, id, Some(event), told).map(drop)
}

/// What was done.
#[derive(Default)]
pub(super) struct Acted {
    raised: Option<Raised>,
    mailed: Vec<String>,
    called: Vec<String>,
    /// Why nobody was mailed, if somebody should have been.
    unmailed: Option<String>,
}

struct Raised {
    seq: i64,
    id: AlertId,
    recipients: usize,
}

impl Acted {
    pub fn raised_seq(&self) -> Option<i64> {
        self.raised.as_ref().map(|raised| raised.seq)
    }

    /// Notes it in the timeline of the alert that was not seen.
    pub fn note(&self, tx: &Connection, now: Timestamp, incident: &Standing, seq: i64) -> Result<(), StoreError> {
        let (rule, seq) = (Actor::new(&incident.rule_name), seq.max(0).cast_unsigned());
        let (mailed, called) = (self.mailed.join(", "), self.called.join(", "));
        let said = [("escalated_mail", Some(mailed)), ("escalated_webhook", Some(called)), ("escalated_unmailed", self.unmailed.clone())];
        for (kind, reason) in said {
            if let Some(reason) = reason.as_deref().filter(|reason| !reason.is_empty()) {
                moments::note(tx, now, &rule, seq, moments::Note { reason: Some(reason), ..moments::Note::new(kind) })?;
            }
        }
        match &self.raised {
            None => Ok(()),
            Some(raised) => {
                let note =
                    moments::Note { other: Some(raised.id), clients: Some(raised.recipients), ..moments::Note::new("escalated_alert") };
                moments::note(tx, now, &rule, seq, note)
            }
        }
    }
}

pub(super) fn act(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    then: &Actions,
    cause: Cause<'_>,
    told: &mut Consequences,
) -> Result<Acted, StoreError> {
    let Reached { screens, mail } = reach(tx, now, incident, then)?;
    let subject = following::subject(tx, incident)?;
    let mut acted = Acted::default();
    if !screens.is_empty() {
        acted.raised = Some(raise(tx, incident, alert(tx, now, incident, subject.as_ref(), cause.note, screens)?, told)?);
    }
    // A drill stays within the hub and its screens.
    if subject.as_ref().is_some_and(|alert| alert.drill) {
        return Ok(acted);
    }
    let known = match &subject {
        Some(alert) => Known { alert: Some(alert.id), facts: following::facts(tx, alert)? },
        None => Known { alert: acted.raised.as_ref().map(|raised| raised.id), facts: Vec::new() },
    };
    for to in targets(then, mail.clone()) {
        let skipped = outgoing::enqueue(tx, now, &notices::of_incident(now, incident, cause, &known, to))?;
        acted.unmailed = acted.unmailed.or_else(|| skipped.first().map(|email| email.detail.clone()));
        told.emails.extend(skipped);
    }
    acted.called = then.webhooks.clone();
    if acted.unmailed.is_none() {
        acted.mailed = mail;
    }
    Ok(acted)
}

fn targets(then: &Actions, mail: Vec<String>) -> Vec<To> {
    let mut targets: Vec<To> = then.webhooks.iter().cloned().map(To::Webhook).collect();
    let (operators, addresses): (Vec<String>, Vec<String>) = mail.into_iter().partition(|address| address == OPERATORS);
    if !operators.is_empty() {
        targets.push(To::Operators);
    }
    if !addresses.is_empty() {
        targets.push(To::Mailboxes(addresses));
    }
    targets
}

fn raise(tx: &Connection, incident: &Standing, new: NewAlert, told: &mut Consequences) -> Result<Raised, StoreError> {
    // In the log, who sent an alert has not sent its copies.
    let actor = if incident.alert_seq.is_some() { "hub" } else { &incident.source };
    let recorded = alerts::record(tx, &Actor::new(actor), &new)?;
    let (seq, id, recipients) = (recorded.alert.seq.cast_signed(), recorded.alert.id, recorded.recipients.len());
    tx.prepare_cached(ALERT)?.execute(params![incident.id, seq])?;
    told.raised.push(recorded);
    Ok(Raised { seq, id, recipients })
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

fn alert(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    subject: Option<&Alert>,
    note: &str,
    audience: Vec<Audience>,
) -> Result<NewAlert, StoreError> {
    let is_first = incidents::raised(tx, incident.id)?.is_empty();
    let draft = Draft {
        audience,
        severity: incident.severity,
        title: incident.title.clone(),
        text: noted(note, counted(incident)),
        expires_in_ms: match subject {
            Some(alert) => alert.expires_at.map(|end| end.millis_since(now)),
            None => expiry_of(incident.severity),
        },
        replies: Vec::new(),
        free_reply: false,
        drill: subject.is_some_and(|alert| alert.drill),
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

fn noted(note: &str, text: String) -> String {
    if note.is_empty() { text } else { text::cut(&format!("{note}\n\n{text}"), limits::TEXT_CHARS).to_owned() }
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
