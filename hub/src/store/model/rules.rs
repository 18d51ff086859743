//! Rules as they are kept, incidents, and what was done about them.

use hub_core::rule::{OnCall, Rule, Silence, Watch};
use serde::{Deserialize, Serialize};
use shared::{AlertId, Severity, Timestamp};

use super::{Amended, EmailLog, Recorded, Withdrawal};

/// Everything that decides about events.
#[derive(Debug, Clone, Default)]
pub struct RuleBase {
    /// `None`: nobody has written rules; the built-in ones hold.
    pub rules: Option<Vec<Rule>>,
    pub on_call: Vec<OnCall>,
    pub watches: Vec<Watch>,
    /// Those that were not ended.
    pub silences: Vec<(i64, Silence)>,
}

/// When and by whom a document was changed last; version 0 was never written.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    pub version: i64,
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<String>,
}

/// A document of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleDocument {
    Rules,
    OnCall,
    Watches,
}

impl RuleDocument {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::OnCall => "on_call",
            Self::Watches => "watches",
        }
    }
}

/// A silence as it is kept.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KeptSilence {
    pub id: i64,
    #[serde(flatten)]
    pub silence: Silence,
    pub created_at: Timestamp,
    pub created_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
}

/// What a rule did about events that belong together, or about an alert that somebody sent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Incident {
    pub id: i64,
    pub rule_id: String,
    pub rule_name: String,
    pub source: String,
    pub severity: Severity,
    pub text: String,
    /// The alert that it follows, if the rule is about alerts; `source` is then its sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<AlertId>,
    /// How many events it took in.
    pub count: u64,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// The alerts that it raised, the first one first.
    pub alerts: Vec<AlertId>,
    pub steps: Vec<EscalationStep>,
}

/// An incident that takes events in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OpenIncident {
    pub count: u64,
    pub opened_at: Timestamp,
}

/// Something that was, or is to be, done about an incident.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EscalationStep {
    pub kind: StepKind,
    /// Of its kind, from 1.
    pub number: u32,
    pub due_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// What came of it; empty while it waits.
    pub outcome: StepOutcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The rule itself.
    Act,
    Step,
    Repeat,
    /// Shows what stands again.
    Remind,
}

impl StepKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Step => "step",
            Self::Repeat => "repeat",
            Self::Remind => "remind",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Act, Self::Step, Self::Repeat, Self::Remind].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    Waiting,
    Done,
    /// Enough had seen it.
    Seen,
    Resolved,
    Withdrawn,
    Expired,
}

impl StepOutcome {
    const ALL: [Self; 6] = [Self::Waiting, Self::Done, Self::Seen, Self::Resolved, Self::Withdrawn, Self::Expired];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Seen => "seen",
            Self::Resolved => "resolved",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// What must be told to screens and panels once it is saved.
#[derive(Debug, Clone, Default)]
pub struct Consequences {
    pub raised: Vec<Recorded>,
    /// Alerts that say something else now.
    pub amended: Vec<Amended>,
    /// Alerts to be shown again to those who have not seen them, each with the row that waits until it is done.
    pub reminded: Vec<(i64, AlertId)>,
    pub withdrawn: Vec<Withdrawal>,
    /// Attempts to mail that are decided already.
    pub emails: Vec<EmailLog>,
    /// Subjects of mail that there is none of, since it was told before; still to be written down, all of a batch together.
    pub unmailed: Vec<String>,
}
