//! What is told outside about what rules want told.

use rusqlite::Connection;
use shared::{AlertId, Timestamp};

use super::rules::incidents::Standing;
use super::{outgoing, webhooks};
use crate::store::{Dispatch, Letter, NewEvent, Occasion, Pace, StoreError, To};

/// So many notices about events leave alone in a minute; the others leave together at its end.
const EVENTS: (i64, i64) = (60_000, 20);

/// Why and about what somebody is told.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub occasion: Occasion,
    /// Stays the same however often this is tried.
    pub what: &'a str,
    /// The event that has just come, if that is why.
    pub event: Option<&'a NewEvent>,
    /// Stands before the text of an alert that is raised.
    pub note: &'a str,
}

/// What is known of an incident, besides its own words.
pub(super) struct Known {
    pub alert: Option<AlertId>,
    /// Of the alert that it follows.
    pub facts: Vec<(String, String)>,
}

pub(super) fn of_incident(now: Timestamp, incident: &Standing, cause: Cause<'_>, known: &Known, to: To) -> Dispatch {
    let (window_ms, alone) = EVENTS;
    // Who waits for the next step is not told late, with others.
    let is_bundled = cause.occasion == Occasion::Event && !matches!(to, To::Webhook(_));
    let title = if incident.title == incident.source || incident.title.is_empty() {
        incident.text.lines().next().unwrap_or_default()
    } else {
        &incident.title
    };
    Dispatch {
        key: format!("incident-{}-{}", incident.id, cause.what),
        to,
        event: incident.event(),
        alert: known.alert,
        letter: Letter {
            occasion: cause.occasion,
            severity: incident.severity,
            subject: format!("{}: {title}", incident.source),
            text: incident.text.clone(),
            facts: facts(incident, cause, known),
            at: now,
        },
        pace: is_bundled.then(|| Pace { name: "events".to_owned(), window_ms, alone }),
    }
}

fn facts(incident: &Standing, cause: Cause<'_>, known: &Known) -> Vec<(String, String)> {
    let mut facts = known.facts.clone();
    facts.extend(incident.event().map(|event| ("event".to_owned(), event.to_string())));
    if let Some(new) = cause.event {
        facts.push(("channel".to_owned(), new.channel.to_owned()));
        facts.extend(new.event.labels.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    facts.push(("rule".to_owned(), incident.rule_name.clone()));
    if incident.count > 1 {
        facts.push(("count".to_owned(), incident.count.to_string()));
    }
    facts
}

/// Webhooks that listen to events by themselves, whatever the rules say.
pub(super) fn tell_listeners(tx: &Connection, now: Timestamp, new: &NewEvent, id: i64) -> Result<(), StoreError> {
    for name in webhooks::listening(tx, new.event.severity)? {
        let event = &new.event;
        let mut facts = vec![("event".to_owned(), id.to_string()), ("channel".to_owned(), new.channel.to_owned())];
        facts.extend(event.labels.iter().map(|(name, value)| (name.clone(), value.clone())));
        let letter = Letter {
            occasion: Occasion::Event,
            severity: event.severity,
            subject: format!("{}: {}", new.source, event.title.as_ref().unwrap_or(&event.message)),
            text: event.body.clone().unwrap_or_else(|| event.message.clone()),
            facts,
            at: now,
        };
        let notice = Dispatch { key: format!("event-{id}"), to: To::Webhook(name), event: Some(id), alert: None, letter, pace: None };
        outgoing::enqueue(tx, now, &notice)?;
    }
    Ok(())
}
