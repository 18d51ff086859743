//! `POST /api/rules/dry-run`: what an event or an alert would cause now, and why not something else. Nothing is recorded.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::rule::{Asked, Duty, Effect, Rule, Rulebook, Sent, Step, Subject, Verdict, check_rules, dry_run, dry_run_alert, on_duty};
use serde::{Deserialize, Serialize};
use shared::wire::sensor::SensorEvent;
use shared::{Audience, Severity, Timestamp};

use super::auth::Reader;
use super::extract::Body;
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{OpenIncident, RuleBase};

/// An event that might come, or an alert that somebody might send: one of the two.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DryRunRequest {
    pub event: Option<ImaginedEvent>,
    pub alert: Option<ImaginedAlert>,
    /// In place of the rules that hold, like those that are being written.
    pub rules: Option<Vec<Rule>>,
    /// Now if absent.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ImaginedEvent {
    pub source: String,
    #[serde(default)]
    pub severity: Severity,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    pub dedup_key: Option<String>,
    #[serde(default)]
    pub resolved: bool,
    /// `http_api` if absent.
    pub channel: Option<String>,
    /// Name of a token.
    pub token: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ImaginedAlert {
    /// Who sends it.
    pub from: String,
    #[serde(default)]
    pub severity: Severity,
    pub audience: Vec<Audience>,
}

/// What an event or an alert would cause.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DryRun {
    pub outcome: DryOutcome,
    /// Every rule in order, and why it matched or did not.
    pub asked: Vec<Asked>,
    /// What the rules want, even if a silence keeps it from happening.
    pub effects: Vec<DryEffect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silenced_by: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silenced_why: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DryOutcome {
    /// Kept, nothing more; an alert is sent, and no rule follows it.
    Recorded,
    Silenced,
    /// It joins what stands already: counted, not said again.
    Grouped,
    Acts,
    /// The alert is sent, and rules follow it with their steps.
    Follows,
    /// What stands by its `dedup_key` is withdrawn.
    Resolves,
}

/// What one rule would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DryEffect {
    pub rule_id: String,
    pub rule_name: String,
    /// Seconds until it does.
    pub wait_s: u32,
    pub screens: Vec<Audience>,
    pub mail: Vec<String>,
    pub webhooks: Vec<String>,
    /// Who is on call now, of the rotations that the rule names.
    pub on_call: Vec<DryDuty>,
    /// What stands already, and takes the event in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joins: Option<OpenIncident>,
    /// The event would be one with others for so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_s: Option<u32>,
    pub steps: Vec<Step>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DryDuty {
    pub rotation: String,
    pub turn: String,
    pub until: Timestamp,
}

/// What an event or an alert would cause; nothing happens.
#[utoipa::path(post, path = "/api/rules/dry-run", tag = "rules", operation_id = "dry_run", request_body = DryRunRequest,
    responses((status = 200, body = DryRun), (status = 422, body = Problem)))]
pub async fn run(State(hub): State<Arc<Hub>>, Reader(_): Reader, Body(request): Body<DryRunRequest>) -> Result<Json<DryRun>, Problem> {
    let now = request.at.unwrap_or_else(|| hub.clock.now());
    let base = hub.store.rule_base().await?;
    let rules = match request.rules {
        Some(rules) => check_rules(rules, &base.on_call).map_err(Problem::invalid)?,
        None => hub.rules.current().rules.clone(),
    };
    let book = Rulebook::new(rules, base.silences.clone(), Vec::new(), base.on_call.clone());
    match (request.event, request.alert) {
        (Some(event), None) => about_event(&hub, &book, base, event, now).await.map(Json),
        (None, Some(alert)) => Ok(Json(about_alert(&book, &alert, now))),
        (Some(_), Some(_)) => Err(Problem::field("alert", "is one thing and `event` another: name one of them")),
        (None, None) => Err(Problem::field("event", "is missing")),
    }
}

fn about_alert(book: &Rulebook, alert: &ImaginedAlert, now: Timestamp) -> DryRun {
    let sent = Sent { from: &alert.from, severity: alert.severity, audience: &alert.audience };
    let following = book.follow(&sent);
    let effects = following.into_iter().map(|rule| shape(book, &Effect { rule, key: None, window_s: None, wait_s: 0 }, None, now));
    let effects: Vec<DryEffect> = effects.collect();
    let outcome = if effects.is_empty() { DryOutcome::Recorded } else { DryOutcome::Follows };
    DryRun { outcome, asked: dry_run_alert(book, &sent), effects, silenced_by: None, silenced_why: None }
}

async fn about_event(hub: &Hub, book: &Rulebook, base: RuleBase, event: ImaginedEvent, now: Timestamp) -> Result<DryRun, Problem> {
    let channel = event.channel.clone().unwrap_or_else(|| "http_api".into());
    let token = event.token.clone();
    let event = imagine(event)?;
    let source = event.source.clone().unwrap_or_default();
    let subject = Subject { event: &event, source: &source, channel: &channel, token: token.as_deref() };
    let outcome = dry_run(book, &subject, now);
    let mut effects = Vec::new();
    for effect in &outcome.effects {
        let joins = match &effect.key {
            Some(key) => hub.store.open_incident(now, effect.rule.id.clone(), key.clone()).await?,
            None => None,
        };
        effects.push(shape(book, effect, joins, now));
    }
    let why = outcome.silenced_by.and_then(|id| base.silences.into_iter().find(|(other, _)| *other == id));
    Ok(DryRun {
        outcome: summary(&book.judge(&subject, now), &effects),
        asked: outcome.asked,
        effects,
        silenced_by: outcome.silenced_by,
        silenced_why: why.map(|(_, silence)| silence.reason),
    })
}

/// Read like the line of a sensor, so that it is cut and cleaned in the same way.
fn imagine(event: ImaginedEvent) -> Result<SensorEvent, Problem> {
    let line = serde_json::json!({ "source": event.source, "severity": event.severity, "message": event.message, "labels": event.labels,
        "dedup_key": event.dedup_key, "resolved": event.resolved });
    SensorEvent::parse(line.to_string().as_bytes())
        .map_err(|err| Problem::field(&format!("event.{}", err.field().unwrap_or("source")), err.to_string()))
}

fn summary(verdict: &Verdict, effects: &[DryEffect]) -> DryOutcome {
    match verdict {
        Verdict::Record => DryOutcome::Recorded,
        Verdict::Silenced(_) => DryOutcome::Silenced,
        Verdict::Resolve => DryOutcome::Resolves,
        Verdict::Act(_) if effects.iter().all(|effect| effect.joins.is_some()) => DryOutcome::Grouped,
        Verdict::Act(_) => DryOutcome::Acts,
    }
}

fn shape(book: &Rulebook, effect: &Effect, joins: Option<OpenIncident>, now: Timestamp) -> DryEffect {
    let rule = effect.rule.as_ref();
    let meant = book.on_call().iter().filter(|rotation| rule.then.on_call.contains(&rotation.name));
    let on_call = meant.filter_map(|rotation| {
        let Duty { turn, until } = on_duty(rotation, now)?;
        Some(DryDuty { rotation: rotation.name.clone(), turn: turn.name.clone(), until })
    });
    DryEffect {
        rule_id: rule.id.clone(),
        rule_name: rule.name.clone(),
        wait_s: effect.wait_s,
        screens: rule.then.screens.clone(),
        mail: rule.then.mail.clone(),
        webhooks: rule.then.webhooks.clone(),
        on_call: on_call.collect(),
        joins,
        window_s: effect.window_s,
        repeat_s: rule.repeat_s,
        steps: rule.steps.clone(),
    }
}
