//! An alert over its life: corrected, reminded of, and what happened to it when.

use serde::Serialize;
use shared::{AlertId, Severity, Timestamp};

use super::{Alert, ClientId, Recorded, Withdrawal};

/// What is to be different in an alert that stands; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    pub title: Option<String>,
    pub text: Option<String>,
    pub severity: Option<Severity>,
    /// Milliseconds until the corrected alert is no longer worth showing; else as long as the old one had.
    pub expires_in_ms: Option<i64>,
    pub reason: Option<String>,
}

/// Who gets the alert that takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Successors {
    /// Everybody who had the old one.
    Everybody,
    /// Those who have not dismissed the old one.
    Undismissed,
}

/// An alert that took the place of another: the new one to send, the old one to take off.
#[derive(Debug, Clone)]
pub struct Amended {
    pub recorded: Recorded,
    pub withdrawal: Withdrawal,
}

/// What came of a reminder.
#[derive(Debug, Clone)]
pub enum Reminder {
    /// These are connected and have not seen it; as many more are away.
    Sent { clients: Vec<ClientId>, away: usize },
    /// The last one is too short a time ago.
    TooSoon { wait_ms: i64 },
}

/// Something that happened to an alert as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Moment {
    pub at: Timestamp,
    /// `sent`, `scheduled` (when it was planned), `corrects` and `amended` (with `other`), `reminded`, `withdrawn`,
    /// `expired`; others may follow.
    pub kind: String,
    /// Who did it; empty if that is not known.
    pub actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The alert that it has to do with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<AlertId>,
    /// How many clients it concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<u64>,
    /// How many more it would have concerned, had they been connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<u64>,
}

/// An alert whose time ran out before everybody had seen it.
#[derive(Debug, Clone)]
pub struct Overdue {
    pub alert: Alert,
    pub unseen: u64,
}
