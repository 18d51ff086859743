//! Rules as they are asked: read once, asked for every event.

use std::sync::Arc;

use shared::wire::sensor::SensorEvent;
use shared::{Severity, Timestamp};

use super::follow::Audiences;
use super::label::LabelTest;
use super::model::{AppliesTo, GroupBy, Matcher, OnCall, Rule, Silence, Watch};
use super::pattern::{Folded, Pattern};

/// An event and how it came.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub event: &'a SensorEvent,
    pub source: &'a str,
    pub channel: &'a str,
    /// Name of the token by which it came.
    pub token: Option<&'a str>,
}

/// What an event causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, nothing more.
    Record,
    /// It is kept and marked: this silence keeps it from raising anything.
    Silenced(i64),
    /// Rules want something done.
    Act(Vec<Effect>),
    /// The incident of its `dedup_key` is over: its alerts are withdrawn.
    Resolve,
}

/// A rule that an event has met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub rule: Arc<Rule>,
    /// Events of a rule with the same key are one incident; `None` stands alone.
    pub key: Option<String>,
    /// How long an incident takes further events in; `None`: until it is resolved.
    pub window_s: Option<u32>,
    pub wait_s: u32,
}

/// Everything that decides about events.
#[derive(Debug, Default)]
pub struct Rulebook {
    pub(super) rules: Vec<Compiled<Arc<Rule>>>,
    /// By the rank of a severity: places of the rules that it may meet. What no rule asks for costs nothing.
    by_severity: [Vec<usize>; 4],
    silences: Vec<Compiled<Silencing>>,
    watches: Vec<Watching>,
    on_call: Vec<OnCall>,
}

/// A silence and its tests of labels.
#[derive(Debug)]
struct Silencing {
    id: i64,
    said: Silence,
    /// `None`: one of them cannot be read, so that it holds for nothing.
    tests: Option<Vec<LabelTest>>,
}

/// A switch that waits for signs of life.
#[derive(Debug, Clone)]
pub struct Watching {
    pub watch: Watch,
    source: Pattern,
}

#[derive(Debug)]
pub(super) struct Compiled<T> {
    pub(super) what: T,
    pub(super) sources: Vec<Pattern>,
    pub(super) severities: Vec<Severity>,
    pub(super) audiences: Audiences,
    labels: Vec<(String, Pattern)>,
    channels: Vec<Pattern>,
    tokens: Vec<Pattern>,
}

/// The first part of a matcher that an event or alert does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit<'a> {
    /// The rule is about the other of events and alerts.
    Kind,
    Audience,
    Source,
    Severity,
    Label(&'a str),
    Channel,
    Token,
}

impl Rulebook {
    pub fn new(rules: Vec<Rule>, silences: Vec<(i64, Silence)>, watches: Vec<Watch>, on_call: Vec<OnCall>) -> Self {
        let rules: Vec<_> = rules.into_iter().map(|rule| Compiled::new(&rule.when.clone(), Arc::new(rule))).collect();
        Self {
            by_severity: Severity::ALL.map(|severity| asking(&rules, severity)),
            rules,
            silences: silences.into_iter().map(|(id, said)| Compiled::new(&said.when.clone(), Silencing::new(id, said))).collect(),
            watches: watches.into_iter().map(|watch| Watching { source: Pattern::new(&watch.source), watch }).collect(),
            on_call,
        }
    }

    /// The first rule that matches decides, and those after it as long as each says so.
    pub fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Verdict {
        if subject.event.resolved {
            return Verdict::Resolve;
        }
        if let Some(silence) = self.silence(subject, now) {
            return Verdict::Silenced(silence);
        }
        let effects = self.effects(subject);
        if effects.is_empty() { Verdict::Record } else { Verdict::Act(effects) }
    }

    /// What the rules want of an event, whatever is silenced.
    pub(super) fn effects(&self, subject: &Subject<'_>) -> Vec<Effect> {
        self.matching(subject).filter_map(|rule| Effect::of(rule, subject)).collect()
    }

    /// The rules that decide about an event, in order.
    fn matching<'a>(&'a self, subject: &'a Subject<'a>) -> impl Iterator<Item = &'a Arc<Rule>> {
        let mut is_decided = false;
        let places = self.by_severity.get(usize::from(subject.event.severity.rank())).map(Vec::as_slice).unwrap_or_default();
        let source = (!places.is_empty()).then(|| Folded::new(subject.source));
        let may_fit = move |rule: &Compiled<_>| source.as_ref().is_some_and(|source| rule.may_come_from(source));
        let asked = places.iter().filter_map(|place| self.rules.get(*place)).filter(move |rule| may_fit(rule));
        let fitting = asked.filter(|rule| rule.misfit_event(subject).is_none()).map(|rule| &rule.what);
        fitting.take_while(move |rule| !std::mem::replace(&mut is_decided, !rule.r#continue))
    }

    /// The silence that keeps an event from raising anything.
    pub fn silence(&self, subject: &Subject<'_>, now: Timestamp) -> Option<i64> {
        self.silences.iter().find(|silence| silence.misfit(subject).is_none() && silence.what.holds(subject, now)).map(|one| one.what.id)
    }

    /// Each rule in order, and what of it the event does not fit.
    pub(super) fn asked<'a>(&'a self, subject: &Subject<'_>) -> Vec<(&'a Rule, Option<Misfit<'a>>)> {
        self.rules.iter().map(|rule| (rule.what.as_ref(), rule.misfit_event(subject))).collect()
    }

    pub fn watches(&self) -> &[Watching] {
        &self.watches
    }

    pub fn on_call(&self) -> &[OnCall] {
        &self.on_call
    }
}

impl Silencing {
    fn new(id: i64, said: Silence) -> Self {
        let tests = said.label_tests.iter().map(|test| LabelTest::new(test).ok()).collect();
        Self { id, said, tests }
    }

    fn holds(&self, subject: &Subject<'_>, now: Timestamp) -> bool {
        let event = subject.event;
        let fits = |test: &LabelTest| test.fits(event.labels.get(&test.name).map(String::as_str).unwrap_or_default());
        (self.said.critical || event.severity < Severity::Critical)
            && self.tests.as_ref().is_some_and(|tests| tests.iter().all(fits))
            && self.said.is_on(now)
    }
}

impl Watching {
    pub fn hears(&self, source: &str) -> bool {
        self.source.fits(source)
    }
}

impl Silence {
    /// Whether it holds at this moment.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| now >= start)
            && self.ends_at.is_none_or(|end| now < end)
            && self.weekly.as_ref().is_none_or(|weekly| weekly.contains(now))
    }
}

impl Effect {
    /// `None` for a rule that wants nothing done: it only keeps others from being asked.
    fn of(rule: &Arc<Rule>, subject: &Subject<'_>) -> Option<Self> {
        if rule.then.is_empty() {
            return None;
        }
        let (key, window_s) = incident(rule, subject);
        // Criticals never wait for a group.
        let wait_s = if subject.event.severity == Severity::Critical { 0 } else { rule.wait_s };
        Some(Self { rule: Arc::clone(rule), key, window_s, wait_s })
    }
}

/// Which incident of its rule an event belongs to, and how long it takes further events in.
fn incident(rule: &Rule, subject: &Subject<'_>) -> (Option<String>, Option<u32>) {
    let event = subject.event;
    if let Some(key) = &event.dedup_key {
        return (Some(format!("key:{key}")), None);
    }
    let Some(group) = &rule.group else { return (None, None) };
    let key = match group.by {
        GroupBy::DedupKey => None,
        GroupBy::Source => Some(format!("source:{}", subject.source)),
        GroupBy::SourceAndText => Some(format!("text:{}\n{}", subject.source, event.message)),
        GroupBy::Label => {
            let value = group.label.as_ref().and_then(|label| event.labels.get(label));
            value.map(|value| format!("label:{value}"))
        }
    };
    (key, Some(group.window_s))
}

/// Places of the rules that hold and may meet events of a severity.
fn asking(rules: &[Compiled<Arc<Rule>>], severity: Severity) -> Vec<usize> {
    let asks = |rule: &Compiled<Arc<Rule>>| rule.what.enabled && (rule.severities.is_empty() || rule.severities.contains(&severity));
    rules.iter().enumerate().filter(|(_, rule)| asks(rule)).map(|(place, _)| place).collect()
}

impl Compiled<Arc<Rule>> {
    fn misfit_event(&self, subject: &Subject<'_>) -> Option<Misfit<'_>> {
        if self.what.applies_to == AppliesTo::Events { self.misfit(subject) } else { Some(Misfit::Kind) }
    }
}

impl<T> Compiled<T> {
    fn new(when: &Matcher, what: T) -> Self {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        Self {
            what,
            sources: patterns(&when.sources),
            severities: when.severities.clone(),
            audiences: Audiences::new(&when.audiences),
            labels: when.labels.iter().map(|(name, pattern)| (name.clone(), Pattern::new(pattern))).collect(),
            channels: patterns(&when.channels),
            tokens: patterns(&when.tokens),
        }
    }

    /// False only where [`Compiled::misfit`] names the source.
    fn may_come_from(&self, source: &Folded) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|pattern| pattern.may_fit(source))
    }

    fn misfit(&self, subject: &Subject<'_>) -> Option<Misfit<'_>> {
        let fits = |patterns: &[Pattern], text: &str| patterns.is_empty() || patterns.iter().any(|pattern| pattern.fits(text));
        let event = subject.event;
        if !self.severities.is_empty() && !self.severities.contains(&event.severity) {
            return Some(Misfit::Severity);
        }
        if !fits(&self.sources, subject.source) {
            return Some(Misfit::Source);
        }
        if !fits(&self.channels, subject.channel) {
            return Some(Misfit::Channel);
        }
        if !self.tokens.is_empty() && !subject.token.is_some_and(|token| fits(&self.tokens, token)) {
            return Some(Misfit::Token);
        }
        let wrong = self.labels.iter().find(|(name, pattern)| !event.labels.get(name).is_some_and(|value| pattern.fits(value)));
        wrong.map(|(name, _)| Misfit::Label(name))
    }
}
