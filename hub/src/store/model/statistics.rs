//! How the hub is used, counted by day. Drills do not count.

use serde::Serialize;

/// Statistics of some days.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
#[schema(as = UsageStatistics)]
pub struct Statistics {
    /// First day, `2026-01-31`, by the hub's own clock on the wall.
    pub from: String,
    /// Last day, included.
    pub to: String,
    pub alerts: u64,
    pub severity: BySeverity,
    pub seen: Seen,
    /// Every day of the range, also those without alerts.
    pub days: Vec<StatisticsDay>,
    /// Who sent most, at most 20.
    pub senders: Vec<SenderStatistics>,
    /// Who took longest to see, by the median, at most 20.
    pub slowest: Vec<BranchStatistics>,
    /// People who did most, by rows of the action log, at most 20.
    pub users: Vec<UserStatistics>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BySeverity {
    pub info: u64,
    pub warning: u64,
    pub error: u64,
    pub critical: u64,
}

/// How long it took from sending until a person saw it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Seen {
    /// Deliveries that were seen.
    pub deliveries: u64,
    /// Half were seen within so many seconds. Times are kept in steps, so this is an estimate within its step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_s: Option<u32>,
    /// Nine of ten were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p90_s: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StatisticsDay {
    pub day: String,
    pub severity: BySeverity,
    /// Of the alerts sent that day.
    pub seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SenderStatistics {
    pub sender: String,
    pub alerts: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BranchStatistics {
    pub client: String,
    pub seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UserStatistics {
    pub username: String,
    pub actions: u64,
}
