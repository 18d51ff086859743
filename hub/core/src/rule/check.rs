//! What people write is checked once, all problems at once, each with its path.

use std::collections::HashSet;

use shared::wire::limits;
use shared::{Audience, Name, Timestamp, text};

use super::label::{LabelMatch, LabelTest};
use super::model::{Actions, AppliesTo, GroupBy, Grouping, Matcher, OnCall, Rule, Silence, Step, Watch, Weekly};
use super::schedule;
use crate::problem::FieldProblem;

const RULES: usize = 200;
const WATCHES: usize = 200;
const ROTATIONS: usize = 50;
const TURNS: usize = 53;
const STEPS: usize = 10;
const ENTRIES: usize = 50;
const NAME_CHARS: usize = 80;
const NOTE_CHARS: usize = 200;
const REASON_CHARS: usize = 300;
const PATTERN_CHARS: usize = 200;
const EXPRESSION_CHARS: usize = 1_000;
const MAIL_CHARS: usize = 254;
const ID_CHARS: usize = 40;
const DAY_S: u32 = 24 * 60 * 60;
const WEEK_S: u32 = 7 * DAY_S;
/// The longest silence that is not one of every week.
const LONGEST_SILENCE_MS: i64 = 366 * 24 * 60 * 60 * 1_000;

/// Problems so far.
#[derive(Default)]
struct Problems(Vec<FieldProblem>);

impl Problems {
    fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.push(FieldProblem::new(field, reason));
    }

    fn within(&mut self, field: String, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            self.add(field, format!("must be {least} to {most} seconds"));
        }
    }

    /// A text of one line, with at least one character.
    fn line(&mut self, field: String, value: &str, most: usize) -> String {
        let cleaned = text::one_line(value);
        let length = cleaned.chars().count();
        if length == 0 || length > most {
            self.add(field, format!("must have 1 to {most} characters"));
        }
        cleaned
    }

    fn most(&mut self, field: &str, length: usize, most: usize) -> bool {
        if length > most {
            self.add(field, format!("has {length} entries, at most {most} are allowed"));
        }
        length <= most
    }

    fn done<T>(self, value: T) -> Result<T, Vec<FieldProblem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// A whole set of rules; `rotations` are the names that a rule may mean.
pub fn check_rules(mut rules: Vec<Rule>, rotations: &[OnCall]) -> Result<Vec<Rule>, Vec<FieldProblem>> {
    let mut problems = Problems::default();
    if problems.most("rules", rules.len(), RULES) {
        let mut ids = HashSet::new();
        for (place, rule) in rules.iter_mut().enumerate() {
            let path = format!("rules[{place}]");
            check_id(&format!("{path}.id"), &rule.id, &mut ids, &mut problems);
            check_rule(&path, rule, rotations, &mut problems);
        }
    }
    problems.done(rules)
}

fn check_rule(path: &str, rule: &mut Rule, rotations: &[OnCall], problems: &mut Problems) {
    rule.name = problems.line(format!("{path}.name"), &rule.name, NAME_CHARS);
    check_matcher(&format!("{path}.match"), &mut rule.when, problems);
    match rule.applies_to {
        AppliesTo::Events => check_actions_of(path, rule, rotations, problems),
        AppliesTo::Alerts => check_alert_rule(path, rule, problems),
    }
    if problems.most(&format!("{path}.steps"), rule.steps.len(), STEPS) {
        for (place, step) in rule.steps.iter_mut().enumerate() {
            check_step(&format!("{path}.steps[{place}]"), step, rotations, problems);
        }
    }
}

/// An alert is on screens already and has neither labels nor a channel: all that a rule can add are steps.
fn check_alert_rule(path: &str, rule: &Rule, problems: &mut Problems) {
    let Matcher { labels, channels, tokens, .. } = &rule.when;
    let strange = [
        ("match.labels", labels.is_empty()),
        ("match.channels", channels.is_empty()),
        ("match.tokens", tokens.is_empty()),
        ("then", rule.then.is_empty()),
        ("wait_s", rule.wait_s == 0),
        ("group", rule.group.is_none()),
        ("repeat_s", rule.repeat_s.is_none()),
    ];
    for (field, _) in strange.iter().filter(|(_, is_absent)| !is_absent) {
        problems.add(format!("{path}.{field}"), "is for rules about events; one about alerts has steps");
    }
}

fn check_actions_of(path: &str, rule: &mut Rule, rotations: &[OnCall], problems: &mut Problems) {
    if !rule.when.audiences.is_empty() {
        problems.add(format!("{path}.match.audiences"), "is for rules about alerts");
    }
    check_actions(&format!("{path}.then"), &mut rule.then, rotations, problems);
    problems.within(format!("{path}.wait_s"), rule.wait_s, 0, DAY_S);
    if let Some(group) = &mut rule.group {
        check_group(&format!("{path}.group"), group, problems);
    }
    if let Some(repeat) = rule.repeat_s {
        problems.within(format!("{path}.repeat_s"), repeat, 60, WEEK_S);
    }
    if rule.then.is_empty() && (rule.repeat_s.is_some() || !rule.steps.is_empty()) {
        problems.add(format!("{path}.then"), "is empty: nothing can be repeated or followed by a step");
    } else if !rule.steps.is_empty() && rule.then.screens.is_empty() && rule.then.on_call.is_empty() {
        problems.add(format!("{path}.steps"), "wait for somebody to see an alert: the rule must go to screens");
    }
}

fn check_step(path: &str, step: &mut Step, rotations: &[OnCall], problems: &mut Problems) {
    problems.within(format!("{path}.after_s"), step.after_s, 1, WEEK_S);
    if !(1..=100).contains(&step.share) {
        problems.add(format!("{path}.share"), "must be 1 to 100 per cent");
    }
    if !step.remind && step.then.is_empty() {
        problems.add(format!("{path}.then"), "is empty: say what the step does");
    }
    check_actions(&format!("{path}.then"), &mut step.then, rotations, problems);
    step.note = text::one_line(&step.note);
    if step.note.chars().count() > NOTE_CHARS {
        problems.add(format!("{path}.note"), format!("has more than {NOTE_CHARS} characters"));
    }
}

fn check_group(path: &str, group: &mut Grouping, problems: &mut Problems) {
    problems.within(format!("{path}.window_s"), group.window_s, 1, WEEK_S);
    match (&group.by, &group.label) {
        (GroupBy::Label, None) => problems.add(format!("{path}.label"), "is missing: name the label"),
        (GroupBy::Label, Some(label)) => group.label = Some(problems.line(format!("{path}.label"), label, limits::LABEL_NAME_CHARS)),
        (GroupBy::Source | GroupBy::SourceAndText | GroupBy::DedupKey, _) => group.label = None,
    }
}

fn check_matcher(path: &str, when: &mut Matcher, problems: &mut Problems) {
    let Matcher { sources, severities, labels, channels, tokens, audiences } = when;
    for (name, patterns) in [("sources", sources), ("channels", channels), ("tokens", tokens)] {
        check_texts(&format!("{path}.{name}"), patterns, PATTERN_CHARS, problems);
    }
    if problems.most(&format!("{path}.audiences"), audiences.len(), ENTRIES) {
        for (place, audience) in audiences.iter_mut().enumerate() {
            if let Audience::Group { name } | Audience::Private { name } = audience {
                *name = problems.line(format!("{path}.audiences[{place}].name"), name, PATTERN_CHARS);
            }
        }
    }
    severities.sort_unstable();
    severities.dedup();
    if problems.most(&format!("{path}.labels"), labels.len(), limits::LABELS) {
        for (name, pattern) in labels.iter() {
            problems.line(format!("{path}.labels.{}", text::cut(name, 20)), name, limits::LABEL_NAME_CHARS);
            problems.line(format!("{path}.labels.{}", text::cut(name, 20)), pattern, PATTERN_CHARS);
        }
    }
}

fn check_texts(path: &str, texts: &mut [String], most: usize, problems: &mut Problems) {
    if problems.most(path, texts.len(), ENTRIES) {
        for (place, text) in texts.iter_mut().enumerate() {
            *text = problems.line(format!("{path}[{place}]"), text, most);
        }
    }
}

fn check_actions(path: &str, then: &mut Actions, rotations: &[OnCall], problems: &mut Problems) {
    check_screens(&format!("{path}.screens"), &mut then.screens, problems);
    check_mail(&format!("{path}.mail"), &mut then.mail, true, problems);
    check_texts(&format!("{path}.webhooks"), &mut then.webhooks, NAME_CHARS, problems);
    check_texts(&format!("{path}.on_call"), &mut then.on_call, NAME_CHARS, problems);
    for (place, name) in then.on_call.iter().enumerate() {
        if !rotations.iter().any(|rotation| rotation.name == *name) {
            problems.add(format!("{path}.on_call[{place}]"), format!("there is no rotation {name}"));
        }
    }
}

fn check_screens(path: &str, screens: &mut Vec<Audience>, problems: &mut Problems) {
    if !problems.most(path, screens.len(), ENTRIES) {
        return;
    }
    if screens.contains(&Audience::Global) {
        *screens = vec![Audience::Global];
    }
    for (place, audience) in screens.iter().enumerate() {
        if let Audience::Group { name } | Audience::Private { name } = audience
            && let Err(reason) = Name::parse(name)
        {
            problems.add(format!("{path}[{place}].name"), reason.to_string());
        }
    }
}

fn check_mail(path: &str, mail: &mut [String], has_default: bool, problems: &mut Problems) {
    if !problems.most(path, mail.len(), ENTRIES) {
        return;
    }
    for (place, address) in mail.iter_mut().enumerate() {
        *address = address.trim().to_owned();
        if !(is_address(address) || has_default && address == "default") {
            problems.add(format!("{path}[{place}]"), "is no mail address, like ana@example.org");
        }
    }
}

/// What the mail library is asked to read later; strange enough to be refused at once.
fn is_address(text: &str) -> bool {
    let is_plain = text.chars().all(|letter| !letter.is_whitespace() && !letter.is_control() && !"<>,;\"\\()[]:".contains(letter));
    let has_parts = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.') && !host.is_empty()
    });
    is_plain && has_parts && text.len() <= MAIL_CHARS
}

fn check_id(path: &str, id: &str, ids: &mut HashSet<String>, problems: &mut Problems) {
    let is_plain = id.len() <= ID_CHARS && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        problems.add(path, format!("must have at most {ID_CHARS} letters and digits; leave it out for a new one"));
    } else if !id.is_empty() && !ids.insert(id.to_owned()) {
        problems.add(path, "is the id of another one, too");
    }
}

pub fn check_silence(mut silence: Silence, now: Timestamp) -> Result<Silence, Vec<FieldProblem>> {
    let mut problems = Problems::default();
    silence.reason = problems.line("reason".into(), &silence.reason, REASON_CHARS);
    check_matcher("match", &mut silence.when, &mut problems);
    if !silence.when.audiences.is_empty() {
        problems.add("match.audiences", "is for rules: alerts that people send cannot be silenced");
    }
    check_label_tests("label_tests", &silence.label_tests, &mut problems);
    match (&silence.weekly, silence.ends_at) {
        (None, None) => problems.add("ends_at", "is missing: a silence ends, unless it is one of every week"),
        (_, Some(end)) if end <= now || silence.starts_at.is_some_and(|start| start >= end) => {
            problems.add("ends_at", "must lie ahead, and after the start");
        }
        (None, Some(end)) if end.millis_since(now) > LONGEST_SILENCE_MS => problems.add("ends_at", "is more than a year away"),
        _ => {}
    }
    if let Some(weekly) = &silence.weekly {
        check_weekly(weekly, &mut problems);
    }
    problems.done(silence)
}

fn check_label_tests(path: &str, tests: &[LabelMatch], problems: &mut Problems) {
    if !problems.most(path, tests.len(), limits::LABELS) {
        return;
    }
    for (place, test) in tests.iter().enumerate() {
        problems.line(format!("{path}[{place}].name"), &test.name, limits::LABEL_NAME_CHARS);
        if test.value.chars().count() > EXPRESSION_CHARS {
            problems.add(format!("{path}[{place}].value"), format!("has more than {EXPRESSION_CHARS} characters"));
        } else if let Err(reason) = LabelTest::new(test) {
            problems.add(format!("{path}[{place}].value"), text::one_line(&reason));
        }
    }
    // What fits every event that lacks the labels would silence everything that others report.
    if !tests.is_empty() && tests.iter().filter_map(|test| LabelTest::new(test).ok()).all(|test| test.fits("")) {
        problems.add(path, "must have at least one test that a missing label does not pass");
    }
}

fn check_weekly(weekly: &Weekly, problems: &mut Problems) {
    if weekly.days.is_empty() || weekly.days.len() > 7 {
        problems.add("weekly.days", "must be 1 to 7 days");
    }
    for (field, value) in [("weekly.from", &weekly.from), ("weekly.to", &weekly.to)] {
        if schedule::time(value).is_none() {
            problems.add(field, "is no time of day, like 08:30");
        }
    }
    check_zone("weekly.time_zone", &weekly.time_zone, problems);
}

fn check_zone(path: &str, zone: &str, problems: &mut Problems) {
    if schedule::zone(zone).is_none() {
        problems.add(path, "is no time zone, like Europe/Madrid");
    }
}

pub fn check_watches(mut watches: Vec<Watch>) -> Result<Vec<Watch>, Vec<FieldProblem>> {
    let mut problems = Problems::default();
    if problems.most("watches", watches.len(), WATCHES) {
        let mut ids = HashSet::new();
        for (place, watch) in watches.iter_mut().enumerate() {
            let path = format!("watches[{place}]");
            check_id(&format!("{path}.id"), &watch.id, &mut ids, &mut problems);
            watch.name = problems.line(format!("{path}.name"), &watch.name, NAME_CHARS);
            watch.source = problems.line(format!("{path}.source"), &watch.source, PATTERN_CHARS);
            problems.within(format!("{path}.every_s"), watch.every_s, 10, WEEK_S);
        }
    }
    problems.done(watches)
}

pub fn check_on_call(mut rotations: Vec<OnCall>) -> Result<Vec<OnCall>, Vec<FieldProblem>> {
    let mut problems = Problems::default();
    if problems.most("on_call", rotations.len(), ROTATIONS) {
        let mut names = HashSet::new();
        for (place, rotation) in rotations.iter_mut().enumerate() {
            let path = format!("on_call[{place}]");
            check_rotation(&path, rotation, &mut problems);
            if !names.insert(rotation.name.clone()) {
                problems.add(format!("{path}.name"), "is the name of another one, too");
            }
        }
    }
    problems.done(rotations)
}

fn check_rotation(path: &str, rotation: &mut OnCall, problems: &mut Problems) {
    rotation.name = problems.line(format!("{path}.name"), &rotation.name, NAME_CHARS);
    check_zone(&format!("{path}.time_zone"), &rotation.time_zone, problems);
    if schedule::date(&rotation.starts_on).is_none() {
        problems.add(format!("{path}.starts_on"), "is no day, like 2026-01-31");
    }
    if schedule::time(&rotation.hand_over).is_none() {
        problems.add(format!("{path}.hand_over"), "is no time of day, like 08:30");
    }
    if rotation.turns.is_empty() || rotation.turns.len() > TURNS {
        problems.add(format!("{path}.turns"), format!("must be 1 to {TURNS}"));
        return;
    }
    for (place, turn) in rotation.turns.iter_mut().enumerate() {
        let path = format!("{path}.turns[{place}]");
        turn.name = problems.line(format!("{path}.name"), &turn.name, NAME_CHARS);
        check_screens(&format!("{path}.screens"), &mut turn.screens, problems);
        check_mail(&format!("{path}.mail"), &mut turn.mail, false, problems);
        if turn.screens.is_empty() && turn.mail.is_empty() {
            problems.add(path, "nobody can be reached: name a screen or an address");
        }
    }
}
