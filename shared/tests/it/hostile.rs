//! Decoders read strangers' bytes: whatever comes, they answer, keep their limits, and never panic.

use proptest::prelude::*;
use serde_json::{Map, Value};
use shared::secret::Clave;
use shared::wire::limits;
use shared::wire::sensor::{Answer, SensorEvent};
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ToHub;
use shared::{AlertId, Name, Severity, Timestamp, text};

use crate::frames;

/// Words that decoders look for, so that random objects get past the first checks.
const FIELDS: [&str; 14] =
    ["action", "username", "clave", "key_hash", "code", "items", "id", "state", "at", "reply", "text", "severity", "message", "resolved"];
const WORDS: [&str; 10] =
    ["connect", "enrol", "receipts", "message", "alert", "withdraw", "critical", "delivered", "01M3250V000000000000000007", ""];

fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(WORDS.as_slice()).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![word, any::<String>()].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, |inner| {
        let field = prop_oneof![4 => prop::sample::select(FIELDS.as_slice()).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((field, inner), 0..8).prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A good frame or line in which some bytes were changed, or its end cut off.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let to_hub = frames::to_hub().into_iter().map(|(_, frame)| frame.encode());
    let to_agent = frames::to_agent().into_iter().map(|(_, frame)| frame.encode());
    let answers = frames::answers().into_iter().map(|(_, answer)| answer.encode());
    let good: Vec<String> = to_hub.chain(to_agent).chain(answers).collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (prop::sample::select(good), changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(frame, changes, end, is_cut)| {
        let mut bytes = frame.into_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        bytes
    })
}

/// What holds for anything that a decoder lets through.
fn read_as_everything(bytes: &[u8]) -> Result<(), TestCaseError> {
    let lossy = String::from_utf8_lossy(bytes);
    if let Ok(frame) = ToHub::decode(&lossy) {
        prop_assert_eq!(ToHub::decode(&frame.encode()), Ok(frame));
    }
    if let Ok(frame) = ToAgent::decode(&lossy) {
        prop_assert_eq!(ToAgent::decode(&frame.encode()), Ok(frame));
    }
    match SensorEvent::parse(bytes) {
        Ok(event) => check_event(&event),
        Err(err) => check_refusal(&Answer::from(err)),
    }
}

fn check_event(event: &SensorEvent) -> Result<(), TestCaseError> {
    let source = event.source.as_deref().unwrap_or("-");
    prop_assert!((1..=limits::SOURCE_CHARS).contains(&source.chars().count()) && !source.chars().any(char::is_control));
    prop_assert!((1..=limits::MESSAGE_CHARS).contains(&event.message.chars().count()));
    prop_assert!(event.id.as_ref().is_none_or(|id| (1..=limits::KEY_CHARS).contains(&id.chars().count())));
    let raw = serde_json::from_str::<Map<String, Value>>(&event.raw);
    prop_assert!(raw.is_ok_and(|raw| !raw.contains_key("token")), "{}", event.raw);
    Ok(())
}

fn check_refusal(answer: &Answer) -> Result<(), TestCaseError> {
    let line = answer.encode();
    prop_assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line:?}");
    prop_assert!(serde_json::from_str::<Value>(&line).is_ok_and(|answer| answer["ok"] == false), "{line:?}");
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        read_as_everything(&bytes)?;
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        read_as_everything(text.as_bytes())?;
    }

    #[test]
    fn any_json_is_answered(value in json()) {
        read_as_everything(value.to_string().as_bytes())?;
    }

    #[test]
    fn damaged_frames_are_answered(bytes in damaged()) {
        read_as_everything(&bytes)?;
    }

    #[test]
    fn any_text_is_a_value_or_an_error(text in any::<String>()) {
        let _ = (AlertId::parse(&text), Timestamp::parse(&text), Clave::parse(&text), Severity::parse(&text));
        if let Ok(name) = Name::parse(&text) {
            prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()), "a name is stable");
            prop_assert!(!name.key().is_empty());
        }
    }

    #[test]
    fn a_cut_is_the_start_of_the_text(text in any::<String>(), limit in 0_usize..40) {
        let cut = text::cut(&text, limit);
        prop_assert!(text.starts_with(cut) && cut.chars().count() <= limit);
        prop_assert!(!text::one_line(&text).chars().any(char::is_control));
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = "[".repeat(limits::FRAME_BYTES);
    assert!(ToHub::decode(&deep).is_err() && ToAgent::decode(&deep).is_err() && SensorEvent::parse(deep.as_bytes()).is_err());
    let deep = format!("{{\"action\":{}", "{\"action\":".repeat(6_000));
    assert!(ToHub::decode(&deep).is_err() && ToAgent::decode(&deep).is_err() && SensorEvent::parse(deep.as_bytes()).is_err());
}

#[test]
fn a_frame_beyond_its_limit_is_refused_unread() {
    let long = format!("{{\"action\":\"message\",\"text\":\"{}\"}}", "x".repeat(limits::FRAME_BYTES));
    assert!(ToHub::decode(&long).is_err_and(|err| err.to_string().contains("bytes")));
}
