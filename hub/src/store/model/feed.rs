//! Alerts as those outside follow them.

use shared::{AlertId, Timestamp};

use super::Alert;

/// From where somebody follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedStart {
    /// Only what is new.
    Now,
    /// The last alert, and what is new.
    Latest,
    /// The last day.
    All,
    Since(Timestamp),
    After(AlertId),
}

/// How far somebody has come.
#[derive(Debug, Clone, Copy)]
pub struct FeedPlace {
    pub seq: u64,
    /// Withdrawals up to this moment have been told.
    pub withdrawn_at: Timestamp,
    /// There was more than one look takes.
    pub more: bool,
}

#[derive(Debug, Clone)]
pub struct Feed {
    pub alerts: Vec<Alert>,
    pub withdrawn: Vec<Alert>,
    pub next: FeedPlace,
}
