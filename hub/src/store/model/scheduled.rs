//! An alert that is to be sent later.

use hub_core::alert::{DraftInput, Plan};
use serde::{Deserialize, Serialize};
use shared::{AlertId, Audience, Severity, Timestamp};

use super::Recorded;

/// What is to be sent, as its sender wrote it; checked before it is kept and again when it is sent.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Words {
    pub audience: Vec<Audience>,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_s: Option<u64>,
    pub replies: Vec<String>,
    pub free_reply: bool,
    pub drill: bool,
}

impl Words {
    pub fn input(self) -> DraftInput {
        let Self { audience, severity, title, text, expires_in_s, replies, free_reply, drill } = self;
        DraftInput { audience, severity, title, text, expires_in_s, replies, free_reply, drill }
    }
}

/// Who must still be there, and still allowed to send, when a planned alert is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planner {
    User(String),
    Token(String),
    /// The command line of the hub's own machine, which is always there.
    Cli(String),
}

impl Planner {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Token(_) => "token",
            Self::Cli(_) => "cli",
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::User(name) | Self::Token(name) | Self::Cli(name) => name,
        }
    }
}

/// An alert about to be planned, or planned anew.
#[derive(Debug, Clone)]
pub struct NewScheduled {
    pub id: AlertId,
    pub words: Words,
    pub planner: Planner,
    pub plan: Plan,
    /// A retry within 24 hours gets the first answer.
    pub idempotency_key: Option<String>,
}

/// An alert that is planned.
#[derive(Debug, Clone)]
pub struct Scheduled {
    pub id: AlertId,
    pub words: Words,
    pub planner: Planner,
    pub plan: Plan,
    pub created_at: Timestamp,
    pub next_at: Timestamp,
    /// When it could not be sent, and why; it waits for somebody to look.
    pub failure: Option<(Timestamp, String)>,
}

/// What became of a planned alert whose time has come.
#[derive(Debug, Clone)]
pub enum Sent {
    Alert(Box<Recorded>),
    /// Somebody else was quicker, or it was called off.
    Gone,
    /// It cannot be sent, for this reason.
    Unfit {
        reason: String,
        due_at: Timestamp,
    },
}
