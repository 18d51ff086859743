//! Frames that an agent sends to the hub.

use serde::{Deserialize, Serialize};

use super::{DecodeError, action, body, encode, limits, unknown};
use crate::secret::Clave;
use crate::{AlertId, Timestamp};

/// A frame of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToHub {
    Connect(Connect),
    Enrol(Enrol),
    Receipts(Receipts),
    Message(Message),
    NewKey(NewKey),
}

/// First frame of an enrolled agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    pub username: String,
    #[serde(alias = "key_hash")]
    pub clave: Clave,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// The epoch of the hub's database that the agent knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
}

/// First frame of an agent that has a one-time code and no key yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    pub username: String,
    pub code: String,
}

impl std::fmt::Debug for Enrol {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Enrol").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What became of alerts, up to [`limits::RECEIPTS`] a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    pub items: Vec<Receipt>,
}

/// What became of one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub id: AlertId,
    pub state: ReceiptState,
    /// When it happened, by the agent's clock.
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Who was logged in at the branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// How far an alert came at a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReceiptState {
    /// It is on the agent's disk.
    Delivered,
    /// Its window was drawn on the screen.
    Displayed,
    /// A person closed it.
    Dismissed,
    /// The agent keeps the withdrawal on its disk; the hub need not repeat it.
    Withdrawn,
}

impl ReceiptState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Displayed => "displayed",
            Self::Dismissed => "dismissed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A branch writes to the technicians.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub text: String,
    /// What the agent calls it: told twice, it is kept once, and confirmed with `message_ok`. Old agents say none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// An agent that was asked to `rotate` says the proof of the key that it has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    pub clave: Clave,
    pub state: KeyState,
}

/// How far a new key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// The agent has it on its disk beside the old one; from the hub: so has the hub, and both are good.
    Offered,
    /// The agent uses it from now on; from the hub: the old one is void.
    InUse,
}

impl ToHub {
    /// Reads a frame of a stranger. Unknown fields are ignored, every text is limited.
    pub fn decode(frame: &str) -> Result<Self, DecodeError> {
        let frame = match action(frame)?.as_ref() {
            "connect" => Self::Connect(body("connect", frame)?),
            "enrol" => Self::Enrol(body("enrol", frame)?),
            "receipts" => Self::Receipts(body("receipts", frame)?),
            "message" => Self::Message(body("message", frame)?),
            "new_key" => Self::NewKey(body("new_key", frame)?),
            other => return Err(unknown(other)),
        };
        frame.check().map_err(|(action, reason)| DecodeError::Invalid { action, reason })?;
        Ok(frame)
    }

    pub fn encode(&self) -> String {
        match self {
            Self::Connect(frame) => encode(&Tagged { action: "connect", frame }),
            Self::Enrol(frame) => encode(&Tagged { action: "enrol", frame }),
            Self::Receipts(frame) => encode(&Tagged { action: "receipts", frame }),
            Self::Message(frame) => encode(&Tagged { action: "message", frame }),
            Self::NewKey(frame) => encode(&Tagged { action: "new_key", frame }),
        }
    }

    fn check(&self) -> Result<(), (&'static str, String)> {
        let fields: &[(&str, Option<&String>, usize)] = match self {
            Self::Connect(frame) => &[
                ("version", frame.version.as_ref(), limits::LABEL_CHARS),
                ("os", frame.os.as_ref(), limits::LABEL_CHARS),
                ("epoch", frame.epoch.as_ref(), limits::LABEL_CHARS),
            ],
            Self::Enrol(frame) => &[("code", Some(&frame.code), limits::LABEL_CHARS)],
            Self::Message(frame) => {
                &[("text", Some(&frame.text), limits::BRANCH_MESSAGE_CHARS), ("id", frame.id.as_ref(), limits::MESSAGE_ID_CHARS)]
            }
            Self::NewKey(_) => &[],
            Self::Receipts(frame) => return check_receipts(frame).map_err(|reason| ("receipts", reason)),
        };
        fields.iter().try_for_each(|(field, text, limit)| check_length(field, *text, *limit)).map_err(|reason| (self.action(), reason))
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Connect(_) => "connect",
            Self::Enrol(_) => "enrol",
            Self::Receipts(_) => "receipts",
            Self::Message(_) => "message",
            Self::NewKey(_) => "new_key",
        }
    }
}

fn check_receipts(frame: &Receipts) -> Result<(), String> {
    if frame.items.len() > limits::RECEIPTS {
        return Err(format!("`items` holds {}, at most {} are allowed", frame.items.len(), limits::RECEIPTS));
    }
    frame.items.iter().try_for_each(|item| {
        check_length("reply", item.reply.as_ref(), limits::REPLY_CHARS)?;
        check_length("user", item.user.as_ref(), limits::LABEL_CHARS)
    })
}

fn check_length(field: &str, text: Option<&String>, limit: usize) -> Result<(), String> {
    match text {
        Some(text) if text.chars().count() > limit => Err(format!("`{field}` has more than {limit} characters")),
        _ => Ok(()),
    }
}

#[derive(Serialize)]
struct Tagged<'a, T> {
    action: &'static str,
    #[serde(flatten)]
    frame: &'a T,
}
