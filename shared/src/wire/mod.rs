//! Every frame and line that crosses the network between hub, agents and sensors, in one place.
//!
//! A decoder takes bytes of a stranger: it has a limit, names what is wrong, and never panics.

pub mod limits;
pub mod sensor;
pub mod to_agent;
pub mod to_hub;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why a frame could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the frame has {0} bytes, at most {max} are allowed", max = limits::FRAME_BYTES)]
    TooLong(usize),
    #[error("the frame is no JSON object: {0}")]
    NotJson(String),
    #[error("the frame has no text field `action`")]
    NoAction,
    #[error("unknown action `{0}`")]
    UnknownAction(String),
    #[error("`{action}`: {reason}")]
    Invalid { action: &'static str, reason: String },
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    action: Option<Cow<'a, str>>,
}

/// The action of a frame, once its size and outer form are right.
fn action(frame: &str) -> Result<Cow<'_, str>, DecodeError> {
    if frame.len() > limits::FRAME_BYTES {
        return Err(DecodeError::TooLong(frame.len()));
    }
    let head: Head<'_> = serde_json::from_str(frame).map_err(|err| match err.classify() {
        serde_json::error::Category::Data if frame.trim_start().starts_with('{') => DecodeError::NoAction,
        _ => DecodeError::NotJson(err.to_string()),
    })?;
    head.action.ok_or(DecodeError::NoAction)
}

fn body<T: DeserializeOwned>(action: &'static str, frame: &str) -> Result<T, DecodeError> {
    serde_json::from_str(frame).map_err(|err| DecodeError::Invalid { action, reason: err.to_string() })
}

/// The name of an unknown action, short enough to be repeated to whoever sent it.
fn unknown(action: &str) -> DecodeError {
    DecodeError::UnknownAction(crate::text::cut(&crate::text::one_line(action), 40).to_owned())
}

/// JSON of a frame of ours.
fn encode<T: serde::Serialize>(frame: &T) -> String {
    // Invariant: our frames have text keys and no fallible serializer.
    serde_json::to_string(frame).unwrap_or_default()
}
