//! Rules, silences, rotations and switches as people write them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{Audience, Severity, Timestamp};
use utoipa::ToSchema;

use super::label::LabelMatch;

/// Which events go where, after what wait, and what follows if nobody sees it; or what follows on an alert that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stays while the rule is changed; made by the hub if absent.
    #[serde(default)]
    pub id: String,
    pub name: String,
    /// `true` if absent.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `events` if absent. One for `alerts` has steps only: the alert is on screens already.
    #[serde(default, skip_serializing_if = "AppliesTo::is_events")]
    pub applies_to: AppliesTo,
    /// Which of them; all if empty.
    #[serde(default, rename = "match")]
    pub when: Matcher,
    #[serde(default)]
    pub then: Actions,
    /// Seconds before anything is done; what is resolved by then does nothing. Critical events never wait.
    #[serde(default)]
    pub wait_s: u32,
    /// What of several events is one; absent: each stands alone, unless it has a `dedup_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Grouping>,
    /// Do it again after so many seconds, as long as it is neither resolved nor dismissed by everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_s: Option<u32>,
    /// What follows if it is not seen.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Ask the rules after this one, too.
    #[serde(default)]
    pub r#continue: bool,
}

/// What a rule is asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AppliesTo {
    /// What sensors and programs report.
    #[default]
    Events,
    /// What people send, or programs in their name.
    Alerts,
}

impl AppliesTo {
    fn is_events(&self) -> bool {
        *self == Self::Events
    }
}

/// Which events or alerts. Every list that is not empty must have an entry that fits; `*` stands for any text, case does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// Of an alert: who sent it.
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub severities: Vec<Severity>,
    /// All of them must fit.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    pub channels: Vec<String>,
    /// Names of the tokens by which the event came.
    #[serde(default)]
    pub tokens: Vec<String>,
    /// Of alerts alone: whom they go to; of several at once one must fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Audience>,
}

/// Where it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Actions {
    #[serde(default)]
    pub screens: Vec<Audience>,
    /// Addresses; `default` is those of `smtp.to`.
    #[serde(default)]
    pub mail: Vec<String>,
    /// Names of webhooks of the configuration.
    #[serde(default)]
    pub webhooks: Vec<String>,
    /// Names of rotations: the screens and addresses of whoever is on call then.
    #[serde(default)]
    pub on_call: Vec<String>,
}

impl Actions {
    pub fn is_empty(&self) -> bool {
        self.screens.is_empty() && self.mail.is_empty() && self.webhooks.is_empty() && self.on_call.is_empty()
    }
}

/// What of several events is one incident. Events with a `dedup_key` are one by their key, whatever this says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grouping {
    pub by: GroupBy,
    /// The label, for `label`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What comes within so many seconds after the first is the same.
    pub window_s: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    Source,
    SourceAndText,
    DedupKey,
    Label,
}

/// What follows if too few have seen the alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Seconds after the alert, or after the step before.
    pub after_s: u32,
    /// The step is taken unless this …
    pub unless: Reach,
    /// … is so for this share of the recipients, in per cent; 100 if absent.
    #[serde(default = "everybody")]
    pub share: u8,
    /// Show it again to those who have not seen it.
    #[serde(default)]
    pub remind: bool,
    #[serde(default)]
    pub then: Actions,
    /// Stands before the text of the alert that the step raises.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How far an alert came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    Delivered,
    Displayed,
    Dismissed,
}

/// Events that are recorded and raise nothing, for a time or every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    #[serde(default, rename = "match")]
    pub when: Matcher,
    /// Tests of labels as Alertmanager writes them; all of them must fit, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub label_tests: Vec<LabelMatch>,
    /// Why; people will ask.
    pub reason: String,
    /// From now on if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Only one that returns every week may have no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Only at these hours: a maintenance window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly: Option<Weekly>,
    /// Critical events, too; they are raised unless this says so.
    #[serde(default)]
    pub critical: bool,
}

/// Hours that return every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// The days on which it begins.
    pub days: Vec<Weekday>,
    /// `HH:MM`; an end that is not later is on the next day.
    pub from: String,
    pub to: String,
    /// Name of the time zone, like `Europe/Madrid`.
    pub time_zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Who is on call, week by week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    pub name: String,
    pub time_zone: String,
    /// The day of the first turn, `YYYY-MM-DD`; turns change on its day of the week.
    pub starts_on: String,
    /// `HH:MM` at which one hands over to the next.
    pub hand_over: String,
    /// In their order; after the last comes the first.
    pub turns: Vec<Turn>,
}

/// Who is on call for a week, and how they are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub name: String,
    #[serde(default)]
    pub screens: Vec<Audience>,
    #[serde(default)]
    pub mail: Vec<String>,
}

/// A switch for sources that must report: silence is an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Stays while the switch is changed; made by the hub if absent.
    #[serde(default)]
    pub id: String,
    pub name: String,
    /// A pattern: an event of any source that fits is a sign of life.
    pub source: String,
    /// Seconds.
    pub every_s: u32,
    /// Of the event that says it is silent.
    pub severity: Severity,
}

fn yes() -> bool {
    true
}

fn everybody() -> u8 {
    100
}
