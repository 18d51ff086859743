//! What the administrator sets while the hub runs.

use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub retention: Retention,
}

/// For how many days what is over is kept; absent or null is for ever. What still stands or waits is kept in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Events with the audit of their mail.
    pub events_days: Option<u32>,
    /// Alerts with their deliveries.
    pub alerts_days: Option<u32>,
    pub connections_days: Option<u32>,
    /// What branches wrote.
    pub messages_days: Option<u32>,
    /// Rows of the action log in the database; the files in DATA/logs have their own 30 days.
    pub actions_days: Option<u32>,
}

/// Of when the oldest of each kind is, as far as there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Oldest {
    pub events: Option<Timestamp>,
    pub alerts: Option<Timestamp>,
    pub connections: Option<Timestamp>,
    pub messages: Option<Timestamp>,
    pub actions: Option<Timestamp>,
}

/// Days that anything may be kept: ten years and a little.
const MOST_DAYS: u32 = 4_000;

impl Retention {
    /// What is wrong with these spans; `path` is where they stand.
    pub fn problems(&self, path: &str) -> Vec<FieldProblem> {
        let spans = [
            ("events_days", self.events_days),
            ("alerts_days", self.alerts_days),
            ("connections_days", self.connections_days),
            ("messages_days", self.messages_days),
            ("actions_days", self.actions_days),
        ];
        let is_wrong = |days: Option<u32>| days.is_some_and(|days| days == 0 || days > MOST_DAYS);
        let reason = format!("must be 1 to {MOST_DAYS} days, or null for ever");
        let wrong = spans.into_iter().filter(|(_, days)| is_wrong(*days));
        wrong.map(|(name, _)| FieldProblem::new(format!("{path}.{name}"), &*reason)).collect()
    }
}
