//! Frames that the hub sends to an agent.

use serde::{Deserialize, Serialize};

use super::to_hub::{KeyState, ReceiptState};
use super::{DecodeError, action, body, encode, unknown};
use crate::{AlertId, Audience, Severity, Timestamp};

/// A frame of the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToAgent {
    Connected(Connected),
    Enrolled(Enrolled),
    Rejected(Rejected),
    ReceiptsOk(ReceiptsOk),
    MessageOk(MessageOk),
    Alert(Box<Alert>),
    Withdraw(Withdraw),
    Remind(Remind),
    Rotate(Rotate),
    NewKeyOk(NewKeyOk),
    Drain(Drain),
    Error(Error),
}

/// The agent is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    pub username: String,
    pub server_time: Timestamp,
    pub heartbeat_s: u64,
    /// Random id of the hub's database; another one means that it was restored.
    pub epoch: String,
    /// Ed25519 public key, base 64.
    pub signing_key: String,
}

/// The only time that the hub says the agent's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub username: String,
    pub key: String,
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Enrolled").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The agent is not let in; a Close frame follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub reason: Rejection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// What is wrong, for the person who reads the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Why an agent is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    WrongKey,
    UnknownClient,
    Revoked,
    BadCode,
    Banned,
    NameInUse,
    BadRequest,
    Timeout,
    /// A reason of a newer hub.
    #[serde(other)]
    Other,
}

impl Rejection {
    /// Close code that follows the frame.
    pub fn close_code(self) -> u16 {
        match self {
            Self::WrongKey | Self::UnknownClient | Self::Revoked | Self::BadCode => 4401,
            Self::Banned => 4403,
            Self::NameInUse => 4409,
            Self::BadRequest | Self::Timeout | Self::Other => 4400,
        }
    }

    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::UnknownClient => "unknown_client",
            Self::Revoked => "revoked",
            Self::BadCode => "bad_code",
            Self::Banned => "banned",
            Self::NameInUse => "name_in_use",
            Self::BadRequest => "bad_request",
            Self::Timeout => "timeout",
            Self::Other => "other",
        }
    }
}

/// These receipts are on the hub's disk; the agent need not repeat them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsOk {
    pub items: Vec<ReceiptOk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptOk {
    pub id: AlertId,
    pub state: ReceiptState,
}

/// This message is on the hub's disk; the agent need not repeat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageOk {
    pub id: String,
}

/// Something to show until a person dismisses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub id: AlertId,
    /// Rises over all alerts of a hub.
    pub seq: u64,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub from: String,
    pub audience: Audience,
    pub sent_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Seconds left when the frame was made, so that the agent's clock does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_s: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
    /// A person may type an answer of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free_reply: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drill: bool,
    /// This alert corrects that one and takes its place; an agent that knows only that one is sent its withdrawal, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<AlertId>,
    /// Ed25519 over [`crate::signature::signed_lines`], base 64.
    pub signature: String,
}

/// Take the alert off the screen, or never show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdraw {
    pub id: AlertId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Nobody has seen this alert yet: bring it up again, with its sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remind {
    pub id: AlertId,
}

/// Make a new key, and say its proof with `new_key`. Repeated on each connection until that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotate {}

/// The hub has taken in how far the new key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKeyOk {
    pub state: KeyState,
}

/// The hub stops; come back after this many seconds, with jitter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drain {
    pub retry_after_s: u64,
}

/// A frame of the agent was not understood; the session goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl ToAgent {
    /// Reads a frame of the hub. Unknown fields are ignored.
    pub fn decode(frame: &str) -> Result<Self, DecodeError> {
        Ok(match action(frame)?.as_ref() {
            "connected" => Self::Connected(body("connected", frame)?),
            "enrolled" => Self::Enrolled(body("enrolled", frame)?),
            "rejected" => Self::Rejected(body("rejected", frame)?),
            "receipts_ok" => Self::ReceiptsOk(body("receipts_ok", frame)?),
            "message_ok" => Self::MessageOk(body("message_ok", frame)?),
            "alert" => Self::Alert(body("alert", frame)?),
            "withdraw" => Self::Withdraw(body("withdraw", frame)?),
            "remind" => Self::Remind(body("remind", frame)?),
            "rotate" => Self::Rotate(body("rotate", frame)?),
            "new_key_ok" => Self::NewKeyOk(body("new_key_ok", frame)?),
            "drain" => Self::Drain(body("drain", frame)?),
            "error" => Self::Error(body("error", frame)?),
            other => return Err(unknown(other)),
        })
    }

    pub fn encode(&self) -> String {
        match self {
            Self::Connected(frame) => tagged("connected", frame),
            Self::Enrolled(frame) => tagged("enrolled", frame),
            Self::Rejected(frame) => tagged("rejected", frame),
            Self::ReceiptsOk(frame) => tagged("receipts_ok", frame),
            Self::MessageOk(frame) => tagged("message_ok", frame),
            Self::Alert(frame) => tagged("alert", frame),
            Self::Withdraw(frame) => tagged("withdraw", frame),
            Self::Remind(frame) => tagged("remind", frame),
            Self::Rotate(frame) => tagged("rotate", frame),
            Self::NewKeyOk(frame) => tagged("new_key_ok", frame),
            Self::Drain(frame) => tagged("drain", frame),
            Self::Error(frame) => tagged("error", frame),
        }
    }
}

fn tagged<T: Serialize>(action: &'static str, frame: &T) -> String {
    #[derive(Serialize)]
    struct Tagged<'a, T> {
        action: &'static str,
        #[serde(flatten)]
        frame: &'a T,
    }
    encode(&Tagged { action, frame })
}
