//! An alert with how far it came, as panels hear and fetch it.

use serde::Serialize;
use shared::{AlertId, Audience, Severity, Timestamp};

use crate::store::{Alert, Counts};

/// An alert with how far it came.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AlertSummary {
    pub id: AlertId,
    pub seq: u64,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub from: String,
    pub audience: Vec<Audience>,
    pub sent_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdraw_reason: Option<String>,
    pub drill: bool,
    pub replies: Vec<String>,
    pub counts: Counts,
}

impl AlertSummary {
    pub fn new(alert: &Alert, counts: Counts) -> Self {
        let alert = alert.clone();
        Self {
            id: alert.id,
            seq: alert.seq,
            severity: alert.severity,
            title: alert.title,
            text: alert.text,
            from: alert.from,
            audience: alert.audience,
            sent_at: alert.sent_at,
            expires_at: alert.expires_at,
            withdrawn_at: alert.withdrawn_at,
            withdraw_reason: alert.withdraw_reason,
            drill: alert.drill,
            replies: alert.replies,
            counts,
        }
    }

    /// An alert that was saved this moment.
    pub fn queued(alert: &Alert, recipients: u64) -> Self {
        Self::new(alert, Counts { recipients, queued: recipients, ..Counts::default() })
    }
}
