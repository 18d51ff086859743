//! What the rules would make of an event or an alert, and why not something else.

use serde::Serialize;
use shared::Timestamp;
use utoipa::ToSchema;

use super::book::{Effect, Misfit, Rulebook, Subject};
use super::follow::Sent;
use super::model::Rule;

/// What became of the question to one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Matched,
    Disabled,
    /// A rule before it decided.
    Decided,
    /// It is about events, and this is an alert; or the other way round.
    Kind,
    Audience,
    Source,
    Severity,
    Label,
    Channel,
    Token,
}

/// A rule, and why it matched or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Asked {
    pub id: String,
    pub name: String,
    pub reason: Reason,
    /// The label that did not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What an event would cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub asked: Vec<Asked>,
    /// What the rules want, even if a silence keeps it from happening.
    pub effects: Vec<Effect>,
    pub silenced_by: Option<i64>,
}

/// What the rules would make of an event, in the order in which they are asked.
pub fn dry_run(book: &Rulebook, subject: &Subject<'_>, now: Timestamp) -> Outcome {
    let silenced_by = book.silence(subject, now);
    let asked = reasons(book.asked(subject), subject.event.resolved);
    let effects = if subject.event.resolved { Vec::new() } else { book.effects(subject) };
    Outcome { asked, effects, silenced_by }
}

/// Each rule in the order in which they are asked about an alert; what follows says [`Rulebook::follow`].
pub fn dry_run_alert(book: &Rulebook, alert: &Sent<'_>) -> Vec<Asked> {
    reasons(book.asked_about_alert(alert), false)
}

fn reasons(rules: Vec<(&Rule, Option<Misfit<'_>>)>, mut is_decided: bool) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (rule, misfit) in rules {
        let (reason, label) = match misfit {
            Some(Misfit::Kind) => (Reason::Kind, None),
            _ if !rule.enabled => (Reason::Disabled, None),
            _ if is_decided => (Reason::Decided, None),
            None => (Reason::Matched, None),
            Some(Misfit::Audience) => (Reason::Audience, None),
            Some(Misfit::Source) => (Reason::Source, None),
            Some(Misfit::Severity) => (Reason::Severity, None),
            Some(Misfit::Channel) => (Reason::Channel, None),
            Some(Misfit::Token) => (Reason::Token, None),
            Some(Misfit::Label(name)) => (Reason::Label, Some(name.to_owned())),
        };
        is_decided |= reason == Reason::Matched && !rule.r#continue;
        asked.push(Asked { id: rule.id.clone(), name: rule.name.clone(), reason, label });
    }
    asked
}
