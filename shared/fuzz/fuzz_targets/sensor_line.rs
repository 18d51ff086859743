//! A sensor's line: never a panic, limits kept, the token nowhere in the raw payload, one line of answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::wire::limits;
use shared::wire::sensor::{Answer, SensorEvent};

fuzz_target!(|line: &[u8]| match SensorEvent::parse(line) {
    Ok(event) => {
        assert!(event.message.chars().count() <= limits::MESSAGE_CHARS && !event.message.is_empty());
        assert!(event.source.as_ref().is_none_or(|source| source.chars().count() <= limits::SOURCE_CHARS));
        let again = SensorEvent::parse(event.raw.as_bytes()).expect("the raw payload is an event");
        assert_eq!((again.token, again.severity, again.message), (None, event.severity, event.message));
    }
    Err(err) => assert_eq!(Answer::from(err).encode().matches('\n').count(), 1),
});
