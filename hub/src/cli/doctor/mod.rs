//! `doctor`: looks at everything a hub needs, changes nothing, and says what to do about what it finds.

mod certificates;
mod folder;
mod network;

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::load_config;
use super::output::{Failure, Report, printable};
use crate::clock::Clock;

/// How grave a finding is, from harmless to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    name: &'static str,
    state: State,
    found: String,
    /// What to do; only with a warning or failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), advice: None }
    }

    fn warn(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: State::Warn, found: found.into(), advice: Some(advice.into()) }
    }

    fn fail(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: State::Fail, found: found.into(), advice: Some(advice.into()) }
    }
}

/// Looks at everything; a report that ends with 1 when something fails.
pub async fn run(data: &Path, named: Option<&Path>) -> Result<Report, Failure> {
    let now = Clock::default().now();
    let mut checks = Vec::new();
    let config = match load_config(data, named) {
        Ok(config) => {
            checks.push(Check::ok("settings", "all settings are understood"));
            Some(config)
        }
        Err(errors) => {
            let advice = "mend the place named; the hub does not start with it";
            checks.extend(errors.iter().map(|error| Check::fail("settings", error.to_string(), advice)));
            None
        }
    };
    checks.extend(folder::checks(data, now));
    checks.extend(certificates::checks(data, config.as_ref(), now));
    checks.extend(network::checks(data, config.as_ref()).await);
    Ok(report(&checks))
}

fn report(checks: &[Check]) -> Report {
    let worst = checks.iter().map(|check| check.state).max().unwrap_or(State::Ok);
    let mut text = String::new();
    for check in checks {
        let word = match check.state {
            State::Ok => "ok  ",
            State::Warn => "WARN",
            State::Fail => "FAIL",
        };
        text.push_str(&format!("{word}  {:<12}  {}\n", check.name, printable(&check.found)));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("      {:<12}  -> {}\n", "", printable(advice)));
        }
    }
    Report::new(json!({ "state": worst, "checks": checks }), text).fine_if(worst != State::Fail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[tokio::test]
    async fn nothing_is_made_in_a_folder_that_is_not_there() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("data");
        run(&data, None).await.unwrap();
        assert!(!data.exists());
    }

    #[test]
    fn a_failure_says_what_to_do_and_ends_with_1() {
        let report = report(&[Check::ok("clock", "fine"), Check::fail("disk", "full", "make room")]);
        let shown = format!("{report:?}");
        assert!(shown.contains("is_fine: false") && shown.contains("-> make room"), "{shown}");
    }
}
