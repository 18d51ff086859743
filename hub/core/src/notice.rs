//! Whether an event is told to people who look at no screen.

use shared::Severity;
use shared::wire::sensor::SensorEvent;

/// The default: what is an error or worse is mailed, the end of an incident is not.
pub fn is_mailed(event: &SensorEvent) -> bool {
    event.severity >= Severity::Error && !event.resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_worse_are_mailed() {
        let table = [
            (r#"{"severity":"info"}"#, false),
            (r#"{"severity":"warning"}"#, false),
            (r#"{"severity":"error"}"#, true),
            (r#"{"severity":"critical"}"#, true),
            (r#"{"severity":"critical","dedup_key":"k","resolved":true}"#, false),
        ];
        for (line, expected) in table {
            let event = SensorEvent::parse(line.as_bytes()).expect("an event");
            assert_eq!(is_mailed(&event), expected, "{line}");
        }
    }
}
