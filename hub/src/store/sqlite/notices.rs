//! What is told about what the hub records.

use shared::{AlertId, Timestamp};

use crate::store::{Letter, NewEvent, Notice, Occasion, Pace, To};

/// So many mails about events leave alone in a minute; the others leave together at its end.
const EVENTS: (i64, i64) = (60_000, 20);

pub(super) fn of_event(now: Timestamp, new: &NewEvent, id: i64, alert: Option<AlertId>) -> Notice {
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
