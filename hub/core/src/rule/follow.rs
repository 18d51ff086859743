//! What rules make of an alert that somebody sent: which of them follow it with their steps.

use std::sync::Arc;

use shared::{Audience, Severity};

use super::book::{Compiled, Misfit, Rulebook};
use super::model::{AppliesTo, Rule};
use super::pattern::Pattern;

/// An alert and who sent it.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    pub from: &'a str,
    pub severity: Severity,
    pub audience: &'a [Audience],
}

/// Audiences of a matcher; names are patterns.
#[derive(Debug)]
pub(super) struct Audiences(Vec<(&'static str, Pattern)>);

impl Audiences {
    pub(super) fn new(meant: &[Audience]) -> Self {
        Self(meant.iter().map(|audience| (audience.kind(), Pattern::new(audience.name()))).collect())
    }

    fn fit(&self, audience: &[Audience]) -> bool {
        let is_meant = |entry: &Audience| self.0.iter().any(|(kind, name)| *kind == entry.kind() && name.fits(entry.name()));
        self.0.is_empty() || audience.iter().any(is_meant)
    }
}

impl Rulebook {
    /// The rules that follow an alert, whatever is silenced: silences are for sources, not for people. The first that matches
    /// decides, and those after it as long as each says so.
    pub fn follow(&self, alert: &Sent<'_>) -> Vec<Arc<Rule>> {
        let mut following = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.what.enabled && rule.misfit_alert(alert).is_none()) {
            following.extend((!rule.what.steps.is_empty()).then(|| Arc::clone(&rule.what)));
            if !rule.what.r#continue {
                break;
            }
        }
        following
    }

    /// Each rule in order, and what of it the alert does not fit.
    pub(super) fn asked_about_alert<'a>(&'a self, alert: &Sent<'_>) -> Vec<(&'a Rule, Option<Misfit<'a>>)> {
        self.rules.iter().map(|rule| (rule.what.as_ref(), rule.misfit_alert(alert))).collect()
    }
}

impl Compiled<Arc<Rule>> {
    fn misfit_alert(&self, alert: &Sent<'_>) -> Option<Misfit<'_>> {
        if self.what.applies_to != AppliesTo::Alerts {
            return Some(Misfit::Kind);
        }
        if !self.severities.is_empty() && !self.severities.contains(&alert.severity) {
            return Some(Misfit::Severity);
        }
        if !self.sources.is_empty() && !self.sources.iter().any(|pattern| pattern.fits(alert.from)) {
            return Some(Misfit::Source);
        }
        (!self.audiences.fit(alert.audience)).then_some(Misfit::Audience)
    }
}
