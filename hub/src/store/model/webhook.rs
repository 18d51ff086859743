//! Programs that want to be told.

use serde::Serialize;
use shared::{Name, Severity, Timestamp};

/// A program that is told what happens.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub name: String,
    pub url: String,
    /// As it was shown once, `whsec_…`.
    pub secret: String,
    /// Its address may be one of the organisation's own network.
    pub allow_private: bool,
    /// Events of this severity and above are told by themselves; `None`: only what a rule sends.
    pub from_severity: Option<Severity>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub last: Option<WebhookAttempt>,
}

/// What is said of a webhook when it is made or changed.
#[derive(Debug, Clone)]
pub struct WebhookChange {
    pub name: Name,
    pub url: String,
    /// `None` keeps the one that it has.
    pub secret: Option<String>,
    pub allow_private: bool,
    pub from_severity: Option<Severity>,
}

/// A call, and what came of it: `sent` or `failed`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WebhookAttempt {
    pub id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<i64>,
    pub created_at: Timestamp,
    pub status: String,
    /// What the program answered, or why it was not reached.
    pub detail: String,
}
