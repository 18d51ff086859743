//! What is told about what the hub records.

use rusqlite::Connection;
use shared::{AlertId, Timestamp};

use super::{outgoing, webhooks};
use crate::store::{EmailLog, Letter, NewEvent, Notice, Occasion, Pace, StoreError, To};

/// So many mails about events leave alone in a minute; the others leave together at its end.
const EVENTS: (i64, i64) = (60_000, 20);

/// Enqueues what is told about an event; the attempts that are already decided.
pub(super) fn tell(tx: &Connection, now: Timestamp, new: &NewEvent, id: i64, alert: Option<AlertId>) -> Result<Vec<EmailLog>, StoreError> {
    let webhooks = if new.told.webhooks { webhooks::listening(tx, new.event.severity)? } else { Vec::new() };
    if webhooks.is_empty() && !new.told.mail {
        return Ok(Vec::new());
    }
    let mut notice = of_event(now, new, id, alert);
    let emails = if new.told.mail { outgoing::enqueue(tx, now, &notice)? } else { Vec::new() };
    notice.pace = None;
    for name in webhooks {
        notice.to = To::Webhook(name);
        outgoing::enqueue(tx, now, &notice)?;
    }
    Ok(emails)
}

fn of_event(now: Timestamp, new: &NewEvent, id: i64, alert: Option<AlertId>) -> Notice {
    let event = &new.event;
    let mut facts = vec![("event".to_owned(), id.to_string()), ("channel".to_owned(), new.channel.to_owned())];
    facts.extend(event.labels.iter().map(|(name, value)| (name.clone(), value.clone())));
    let (window_ms, alone) = EVENTS;
    Notice {
        key: format!("event-{id}"),
        to: To::Operators,
        event: Some(id),
        alert,
        letter: Letter {
            occasion: Occasion::Event,
            severity: event.severity,
            subject: format!("{}: {}", new.source, event.title.as_ref().unwrap_or(&event.message)),
            text: event.body.clone().unwrap_or_else(|| event.message.clone()),
            facts,
            at: now,
        },
        pace: Some(Pace { name: "events".to_owned(), window_ms, alone }),
    }
}
