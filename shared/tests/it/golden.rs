//! The text of every frame is fixed: programs outside this repository read and write it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use shared::wire::sensor::SensorEvent;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ToHub;

use crate::frames;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A golden file without its last line end.
pub fn text(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    text.trim_end().to_owned()
}

/// The name of a frame's kind; a new kind of frame does not compile until it stands here, and fails until it has a file.
fn kind_to_hub(frame: &ToHub) -> &'static str {
    match frame {
        ToHub::Connect(_) => "connect",
        ToHub::Enrol(_) => "enrol",
        ToHub::Receipts(_) => "receipts",
        ToHub::Message(_) => "message",
        ToHub::NewKey(_) => "new_key",
    }
}

fn kind_to_agent(frame: &ToAgent) -> &'static str {
    match frame {
        ToAgent::Connected(_) => "connected",
        ToAgent::Enrolled(_) => "enrolled",
        ToAgent::Rejected(_) => "rejected",
        ToAgent::ReceiptsOk(_) => "receipts_ok",
        ToAgent::Alert(_) => "alert",
        ToAgent::MessageOk(_) => "message_ok",
        ToAgent::Withdraw(_) => "withdraw",
        ToAgent::Remind(_) => "remind",
        ToAgent::Rotate(_) => "rotate",
        ToAgent::NewKeyOk(_) => "new_key_ok",
        ToAgent::Drain(_) => "drain",
        ToAgent::Error(_) => "error",
    }
}

#[test]
fn frames_to_the_hub_are_their_golden_text() {
    for (name, frame) in frames::to_hub() {
        assert_eq!(frame.encode(), text(name), "{name}");
        assert_eq!(ToHub::decode(&text(name)).as_ref(), Ok(&frame), "{name}");
        assert!(name.starts_with(&format!("to_hub.{}", kind_to_hub(&frame))), "{name}");
    }
}

#[test]
fn frames_to_the_agent_are_their_golden_text() {
    for (name, frame) in frames::to_agent() {
        assert_eq!(frame.encode(), text(name), "{name}");
        assert_eq!(ToAgent::decode(&text(name)).as_ref(), Ok(&frame), "{name}");
        assert!(name.starts_with(&format!("to_agent.{}", kind_to_agent(&frame))), "{name}");
    }
}

#[test]
fn sensor_lines_are_their_golden_text() {
    for (name, expected) in frames::events() {
        let event = SensorEvent::parse(text(name).as_bytes()).unwrap_or_else(|err| panic!("{name}: {err}"));
        assert_eq!(SensorEvent { raw: String::new(), ..event.clone() }, expected, "{name}");
        assert!(!event.raw.contains("token"), "{name}: {}", event.raw);
    }
    for (name, answer) in frames::answers() {
        assert_eq!(answer.encode(), text(name) + "\n", "{name}");
    }
}

#[test]
fn every_golden_file_belongs_to_a_frame() {
    let to_hub = frames::to_hub().into_iter().map(|(name, _)| name);
    let to_agent = frames::to_agent().into_iter().map(|(name, _)| name);
    let events = frames::events().into_iter().map(|(name, _)| name);
    let answers = frames::answers().into_iter().map(|(name, _)| name);
    let named: BTreeSet<String> = to_hub.chain(to_agent).chain(events).chain(answers).map(|name| format!("{name}.json")).collect();
    let found = std::fs::read_dir(folder()).expect("the golden folder").map(|entry| entry.expect("a file").file_name());
    assert_eq!(found.map(|name| name.to_string_lossy().into_owned()).collect::<BTreeSet<_>>(), named);
}

#[test]
fn an_old_agents_connect_and_fields_of_the_future_are_read() {
    let golden = text("to_hub.connect_short");
    let old = golden.replace("\"clave\"", "\"key_hash\"");
    assert_ne!(old, golden);
    assert_eq!(ToHub::decode(&old), ToHub::decode(&golden));
    let future = golden.replace("{\"action\"", "{\"new\":[1,{}],\"action\"");
    assert_eq!(ToHub::decode(&future), ToHub::decode(&golden));
    let rejected = text("to_agent.rejected_short").replace("wrong_key", "full_moon");
    assert!(matches!(ToAgent::decode(&rejected), Ok(ToAgent::Rejected(_))));
}
