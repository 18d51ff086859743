//! From an event to what it causes.

use shared::wire::limits;
use shared::wire::sensor::SensorEvent;
use shared::{Audience, Severity, text};

use crate::alert::Draft;

/// What an event causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, nothing more.
    Record,
    /// It goes to screens; with a `dedup_key` only if no alert of the same incident stands.
    Raise(Box<Draft>),
    /// The incident of its `dedup_key` is over: its alert is withdrawn.
    Resolve,
}

/// The default rule: critical events go to every screen, a resolved incident leaves them.
pub fn judge(event: &SensorEvent, source: &str) -> Verdict {
    if event.resolved {
        return Verdict::Resolve;
    }
    if event.severity < Severity::Critical {
        return Verdict::Record;
    }
    Verdict::Raise(Box::new(Draft {
        audience: vec![Audience::Global],
        severity: event.severity,
        title: event.title.clone().unwrap_or_else(|| text::cut(source, limits::TITLE_CHARS).to_owned()),
        text: event.body.clone().unwrap_or_else(|| event.message.clone()),
        expires_in_ms: None,
        replies: Vec::new(),
        free_reply: false,
        drill: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rule_is_this_table() {
        let table = [
            (r#"{"severity":"info","message":"m"}"#, "record"),
            (r#"{"severity":"error","message":"m"}"#, "record"),
            (r#"{"severity":"critical","message":"m"}"#, "raise"),
            (r#"{"severity":"critical","dedup_key":"k","resolved":true}"#, "resolve"),
        ];
        for (line, expected) in table {
            let event = SensorEvent::parse(line.as_bytes()).expect("an event");
            let verdict = match judge(&event, "fridge") {
                Verdict::Record => "record",
                Verdict::Raise(draft) => {
                    assert_eq!((draft.title.as_str(), draft.text.as_str()), ("fridge", "m"));
                    "raise"
                }
                Verdict::Resolve => "resolve",
            };
            assert_eq!(verdict, expected, "{line}");
        }
    }
}
