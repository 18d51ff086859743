//! The line of a sensor and the hub's answer to it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::limits;
use crate::{Severity, text};

/// What a sensor says, parsed once: what is missing has its default, what is long is cut.
#[derive(Clone, PartialEq, Eq)]
pub struct SensorEvent {
    /// `None`: the peer's address stands in.
    pub source: Option<String>,
    pub severity: Severity,
    pub message: String,
    /// What the alert is called that it may raise; its source stands in.
    pub title: Option<String>,
    /// The whole text for screens, where the message is only its beginning.
    pub body: Option<String>,
    /// What rules may look at, like `instance` or `team`.
    pub labels: BTreeMap<String, String>,
    pub token: Option<String>,
    /// Makes a retry harmless for 24 hours.
    pub id: Option<String>,
    /// Events with the same key are one incident.
    pub dedup_key: Option<String>,
    /// The incident is over.
    pub resolved: bool,
    /// The JSON object as it came, without its token.
    pub raw: String,
}

impl std::fmt::Debug for SensorEvent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SensorEvent").field("source", &self.source).field("severity", &self.severity).finish_non_exhaustive()
    }
}

/// Why a line is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error("{0}")]
    InvalidJson(String),
    #[error("{0}")]
    InvalidEvent(String),
}

impl LineError {
    /// The field that is wrong, if it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidEvent(reason) => reason.split('`').nth(1),
            Self::InvalidJson(_) => None,
        }
    }
}

/// The hub's answer to one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The event is on disk under this number.
    Ok {
        event_id: i64,
    },
    Refused {
        error: Refusal,
        detail: Option<String>,
    },
}

/// Why a line was not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    InvalidJson,
    InvalidEvent,
    LineTooLong,
    Unauthorized,
    RateLimited,
    Overloaded,
}

impl Refusal {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::InvalidEvent => "invalid_event",
            Self::LineTooLong => "line_too_long",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
        }
    }
}

impl Answer {
    /// The answer as a line, with its end.
    pub fn encode(&self) -> String {
        match self {
            Self::Ok { event_id } => format!("{{\"ok\":true,\"event_id\":{event_id}}}\n"),
            Self::Refused { error, detail } => super::encode(&RefusedLine { ok: false, error: *error, detail: detail.as_deref() }) + "\n",
        }
    }
}

#[derive(Serialize)]
struct RefusedLine<'a> {
    ok: bool,
    error: Refusal,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl From<LineError> for Answer {
    fn from(err: LineError) -> Self {
        let error = match err {
            LineError::InvalidJson(_) => Refusal::InvalidJson,
            LineError::InvalidEvent(_) => Refusal::InvalidEvent,
        };
        Self::Refused { error, detail: Some(err.to_string()) }
    }
}

impl SensorEvent {
    /// Reads a line without its end.
    pub fn parse(line: &[u8]) -> Result<Self, LineError> {
        let line = std::str::from_utf8(line).map_err(|err| LineError::InvalidJson(format!("not UTF-8 at byte {}", err.valid_up_to())))?;
        let value: Value = serde_json::from_str(line).map_err(|err| LineError::InvalidJson(err.to_string()))?;
        let Value::Object(mut object) = value else {
            return Err(LineError::InvalidEvent("a line must be one JSON object".into()));
        };
        Self::from_object(&mut object, line)
    }

    fn from_object(object: &mut Map<String, Value>, line: &str) -> Result<Self, LineError> {
        let token = take_text(object, "token")?;
        let raw = if token.is_some() { super::encode(object) } else { line.trim().to_owned() };
        let source = take_text(object, "source")?.map(|source| cut_line(&source, limits::SOURCE_CHARS));
        let message = take_text(object, "message")?.map(|message| text::cut(&text::lines(&message), limits::MESSAGE_CHARS).to_owned());
        let severity = match object.get("severity") {
            Some(Value::String(word)) => Severity::parse(word).unwrap_or_default(),
            _ => Severity::default(),
        };
        Ok(Self {
            source: source.filter(|source| !source.is_empty()),
            severity,
            message: message.filter(|message| !message.is_empty()).unwrap_or_else(|| "(no message)".into()),
            title: take_text(object, "title")?.map(|title| cut_line(&title, limits::TITLE_CHARS)).filter(|title| !title.is_empty()),
            body: take_text(object, "body")?
                .map(|body| text::cut(&text::lines(&body), limits::TEXT_CHARS).to_owned())
                .filter(|body| !body.is_empty()),
            labels: take_labels(object)?,
            token,
            id: take_key(object, "id")?,
            dedup_key: take_key(object, "dedup_key")?,
            resolved: take_flag(object, "resolved")?,
            raw,
        })
    }
}

fn cut_line(line: &str, chars: usize) -> String {
    text::cut(&text::one_line(line), chars).to_owned()
}

/// An object of texts, numbers and flags; what is nested or beyond the limits is left out, and stays in the raw payload.
fn take_labels(object: &mut Map<String, Value>) -> Result<BTreeMap<String, String>, LineError> {
    let labels = match object.remove("labels") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(labels)) => labels,
        Some(_) => return Err(LineError::InvalidEvent("`labels` must be an object of texts".into())),
    };
    let texts = labels.into_iter().filter_map(|(name, value)| {
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        Some((cut_line(&name, limits::LABEL_NAME_CHARS), cut_line(&value, limits::LABEL_VALUE_CHARS)))
    });
    Ok(texts.filter(|(name, _)| !name.is_empty()).take(limits::LABELS).collect())
}

fn take_text(object: &mut Map<String, Value>, field: &str) -> Result<Option<String>, LineError> {
    match object.remove(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(LineError::InvalidEvent(format!("`{field}` must be a text"))),
    }
}

/// A text or a whole number: sensors number their lines.
fn take_key(object: &mut Map<String, Value>, field: &str) -> Result<Option<String>, LineError> {
    let key = match object.remove(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(LineError::InvalidEvent(format!("`{field}` must be a text or a number"))),
    };
    if key.is_empty() || key.chars().count() > limits::KEY_CHARS {
        return Err(LineError::InvalidEvent(format!("`{field}` must have 1 to {} characters", limits::KEY_CHARS)));
    }
    Ok(Some(key))
}

fn take_flag(object: &mut Map<String, Value>, field: &str) -> Result<bool, LineError> {
    match object.remove(field) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(flag),
        Some(_) => Err(LineError::InvalidEvent(format!("`{field}` must be true or false"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<SensorEvent, LineError> {
        SensorEvent::parse(line.as_bytes())
    }

    #[test]
    fn what_is_missing_has_its_default() {
        let event = parse("{}").expect("an empty object is an event");
        assert_eq!((event.source, event.severity, event.message.as_str()), (None, Severity::Info, "(no message)"));
        let event = parse(r#"{"source":" ","message":null,"severity":"FATAL"}"#).expect("an event");
        assert_eq!((event.source, event.severity), (None, Severity::Info));
        assert!(event.raw.contains("FATAL"));
    }

    #[test]
    fn what_is_long_is_cut_at_a_character() {
        let line = format!(r#"{{"source":"{}","message":"{}"}}"#, "ñ".repeat(90), "€".repeat(400));
        let event = parse(&line).expect("an event");
        assert_eq!(event.source.map(|source| source.chars().count()), Some(80));
        assert_eq!(event.message.chars().count(), 300);
    }

    #[test]
    fn labels_are_texts_within_limits() {
        let many: Vec<String> = (0..40).map(|n| format!("\"l{n:02}\":{n}")).collect();
        assert_eq!(parse(&format!("{{\"labels\":{{{}}}}}", many.join(","))).expect("an event").labels.len(), limits::LABELS);
        let event = parse(r#"{"title":" Router\n7 ","body":"a\nb","labels":{"team":"red","up":true,"deep":{},"":"x"}}"#).expect("an event");
        assert_eq!((event.title.as_deref(), event.body.as_deref()), (Some("Router 7"), Some("a\nb")));
        let labels: Vec<(&str, &str)> = event.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(labels, [("team", "red"), ("up", "true")]);
    }

    #[test]
    fn a_token_never_reaches_the_raw_payload() {
        let event = parse(r#"{"message":"x","token":"secret"}"#).expect("an event");
        assert_eq!(event.token.as_deref(), Some("secret"));
        assert!(!event.raw.contains("secret") && !format!("{event:?}").contains("secret"));
    }

    #[test]
    fn bad_lines_say_what_is_wrong() {
        for line in ["", "nonsense", "{\"a\":1} x", "{\"a\":"] {
            assert!(matches!(parse(line), Err(LineError::InvalidJson(_))), "{line:?}");
        }
        assert!(matches!(SensorEvent::parse(b"\xff"), Err(LineError::InvalidJson(_))));
        let cases = [
            ("[]", "object"),
            (r#"{"message":1}"#, "message"),
            (r#"{"id":[]}"#, "id"),
            (r#"{"labels":3}"#, "labels"),
            (r#"{"resolved":"yes"}"#, "resolved"),
        ];
        for (line, word) in cases {
            match parse(line) {
                Err(err @ LineError::InvalidEvent(_)) => assert_eq!(err.field().unwrap_or("object"), word, "{err}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn answers_are_single_lines() {
        assert_eq!(Answer::Ok { event_id: 42 }.encode(), "{\"ok\":true,\"event_id\":42}\n");
        let refused = Answer::Refused { error: Refusal::LineTooLong, detail: None };
        assert_eq!(refused.encode(), "{\"ok\":false,\"error\":\"line_too_long\"}\n");
    }
}
