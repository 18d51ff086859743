//! Alerts that a monitoring tool repeats until they are solved.

use shared::Timestamp;

/// An alert as its sender said it last.
#[derive(Debug, Clone)]
pub struct ReportedAlert {
    /// The same for the same labels.
    pub fingerprint: String,
    /// The JSON object as it came.
    pub alert: String,
    pub starts_at: Timestamp,
    /// It is over from then on.
    pub ends_at: Timestamp,
    pub updated_at: Timestamp,
    /// The silence that kept it from raising anything.
    pub silenced_by: Option<i64>,
}
