//! An alert with how far it came, as panels hear and fetch it.

use serde::Serialize;

use crate::store::{Alert, Counts};

/// An alert with how far it came.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AlertSummary {
    #[serde(flatten)]
    pub alert: Alert,
    pub counts: Counts,
}

impl AlertSummary {
    pub fn new(alert: Alert, counts: Counts) -> Self {
        Self { alert, counts }
    }

    /// An alert that was saved this moment.
    pub fn queued(alert: Alert, recipients: u64) -> Self {
        Self::new(alert, Counts { recipients, queued: recipients, ..Counts::default() })
    }
}
