//! What leaves the hub: mail, and calls of webhooks.

use serde::{Deserialize, Serialize};
use shared::{AlertId, Severity, Timestamp};

/// Something to be told outside, once to each who is to hear it.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// What was enqueued under a key before is not told again.
    pub key: String,
    pub to: To,
    pub event: Option<i64>,
    pub alert: Option<AlertId>,
    pub letter: Letter,
    pub pace: Option<Pace>,
}

/// Who is to hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// The mailboxes of `smtp.to`.
    Operators,
    Mailboxes(Vec<String>),
    /// A webhook by its name.
    Webhook(String),
}

/// What is told; it is put into words and into shape when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub occasion: Occasion,
    pub severity: Severity,
    /// One line; a mail puts the severity before it.
    pub subject: String,
    pub text: String,
    /// What else is known: a word like `source`, and its value. Templates translate the words they know.
    pub facts: Vec<(String, String)>,
    pub at: Timestamp,
}

/// Why something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    Event,
    /// An alert that was not seen in time.
    Escalation,
    Security,
    Test,
}

/// Keeps many notices from becoming a flood: the first ones of a window leave alone, the others together at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Notices with the same name are counted together.
    pub name: String,
    pub window_ms: i64,
    pub alone: i64,
}

/// How something leaves the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    Mail,
    Webhook,
}

impl Carrier {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

/// What leaves together for one recipient, leased to whoever tries it.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub rows: Vec<ParcelRow>,
    /// The stable key of its first row.
    pub key: String,
    pub recipient: String,
    pub letters: Vec<Letter>,
    /// This one included.
    pub attempts: u32,
}

/// A row of the queue that a parcel is made of.
#[derive(Debug, Clone)]
pub struct ParcelRow {
    pub id: i64,
    pub event: Option<i64>,
    pub alert: Option<AlertId>,
    pub subject: String,
}

/// What becomes of a parcel that was tried.
#[derive(Debug, Clone)]
pub struct Settled {
    pub fate: Fate,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Done,
    Again(Timestamp),
    GivenUp,
}

/// What came of an attempt to mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EmailStatus {
    Sent,
    Failed,
    /// Not tried: the hub is not told how, or to whom.
    Skipped,
}

impl EmailStatus {
    pub const ALL: [Self; 3] = [Self::Sent, Self::Failed, Self::Skipped];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// An attempt to mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EmailLog {
    pub id: i64,
    /// The event it is about, if it is about one.
    pub event_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<AlertId>,
    pub created_at: Timestamp,
    pub recipient: String,
    pub subject: String,
    pub status: EmailStatus,
    /// What the mail server answered, or why nothing was tried.
    pub detail: String,
}

/// Which attempts are asked for.
#[derive(Debug, Clone, Default)]
pub struct EmailFilter {
    pub status: Option<EmailStatus>,
    pub event: Option<i64>,
    /// Part of recipient, subject or answer.
    pub search: Option<String>,
    pub since: Option<Timestamp>,
}

/// How many attempts ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EmailCounts {
    pub sent: u64,
    pub failed: u64,
    pub skipped: u64,
}

/// How much waits to leave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitingParcels {
    pub mails: u32,
    pub webhooks: u32,
    /// Mails that were tried again and again.
    pub stuck_mails: u32,
}
