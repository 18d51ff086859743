//! Alerts of the past as people look for them, quick texts, and what branches write.

use serde::Serialize;
use shared::{AlertId, Name, Severity, Timestamp};

use super::ClientId;

/// Which alerts of the past are asked for; everything that is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// Words, or their beginnings, in title, text or sender.
    pub words: Option<String>,
    pub severities: Vec<Severity>,
    pub sender: Option<String>,
    pub group: Option<Name>,
    pub client: Option<Name>,
    pub from: Option<Timestamp>,
    /// Up to, not including.
    pub to: Option<Timestamp>,
    pub state: Option<AlertState>,
    pub drill: Option<bool>,
    /// Somebody who can still see it has not.
    pub unseen: bool,
}

/// How an alert as a whole stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertState {
    Standing,
    Withdrawn,
    Expired,
}

/// Which messages of branches are asked for.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Only those that nobody took care of.
    pub open: bool,
    pub client: Option<Name>,
}

/// A branch wrote to the technicians.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Message {
    pub id: i64,
    pub client: String,
    pub text: String,
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<String>,
    /// The alert that answered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AlertId>,
}

/// What a branch wrote, about to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub client: ClientId,
    /// What its agent calls it: told twice, it is kept once.
    pub id: Option<String>,
    pub text: String,
}
