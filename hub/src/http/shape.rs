//! Shapes that several resources share.

use serde::{Deserialize, Serialize};
use shared::{AlertId, Audience, Severity, Timestamp};

use super::problem::Problem;
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

/// How much of a list, and from where.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    pub fn limit(&self) -> u32 {
        limit(self.limit)
    }

    /// A cursor that is a number, as most are.
    pub fn number<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        let parse = |text: &String| text.parse().map_err(|_| Problem::field("cursor", "is not a `next_cursor` of this list"));
        self.cursor.as_ref().map(parse).transpose()
    }
}

/// Entries of a page within what is allowed.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(50).clamp(1, 500)
}
