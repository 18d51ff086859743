//! What holds while nobody has written rules.

use shared::{Audience, Severity};

use super::model::{Actions, AppliesTo, GroupBy, Grouping, Matcher, Rule};

/// The same source and text within this time is one.
const WINDOW_S: u32 = 300;

/// Critical events go to every screen and are mailed, errors are mailed; the same source and text within five minutes is one.
pub fn default_rules() -> Vec<Rule> {
    let everywhere = Actions { screens: vec![Audience::Global], ..mailed() };
    vec![rule("default-critical", "Critical", Severity::Critical, everywhere), rule("default-error", "Error", Severity::Error, mailed())]
}

fn mailed() -> Actions {
    Actions { mail: vec!["default".into()], ..Actions::default() }
}

fn rule(id: &str, name: &str, severity: Severity, then: Actions) -> Rule {
    Rule {
        id: id.into(),
        name: name.into(),
        enabled: true,
        applies_to: AppliesTo::Events,
        when: Matcher { severities: vec![severity], ..Matcher::default() },
        then,
        wait_s: 0,
        group: Some(Grouping { by: GroupBy::SourceAndText, label: None, window_s: WINDOW_S }),
        repeat_s: None,
        steps: Vec::new(),
        r#continue: false,
    }
}
