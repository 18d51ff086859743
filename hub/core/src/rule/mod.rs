//! From an event or an alert to what it causes: rules in order, silences, on-call rotations, switches for sources that must report.
//!
//! Rules are read once into a [`Rulebook`] and asked for every event: asking costs no allocation until a rule matches.
//! The first rule that matches wins, unless it says that those after it are asked, too.

mod book;
mod check;
mod defaults;
mod dry_run;
mod follow;
mod label;
mod model;
mod pattern;
mod schedule;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests;

pub use book::{Effect, Rulebook, Subject, Verdict, Watching};
pub use check::{check_on_call, check_rules, check_silence, check_watches};
pub use defaults::default_rules;
pub use dry_run::{Asked, Outcome, Reason, dry_run, dry_run_alert};
pub use follow::Sent;
pub use label::{LabelMatch, LabelTest};
pub use model::{Actions, AppliesTo, GroupBy, Grouping, Matcher, OnCall, Reach, Rule, Silence, Step, Turn, Watch, Weekday, Weekly};
pub use pattern::Pattern;
pub use schedule::{Duty, on_duty};
