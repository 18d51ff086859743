//! What a follower of a topic hears, one line after the other, read from the store: a lost wake-up costs seconds, no alert.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use shared::Severity;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::subscribe::Form;
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::security::proof;
use crate::security::token::token_hash;
use crate::store::{Alert, ApiToken, Feed, FeedPlace, FeedStart};

/// The app takes a connection that is silent for 77 s for dead.
const KEEPALIVE: Duration = Duration::from_secs(45);

pub struct Following {
    hub: Arc<Hub>,
    token: ApiToken,
    shown: String,
    topic: String,
    place: FeedPlace,
    waiting: VecDeque<Line>,
    bell: watch::Receiver<u64>,
    keepalive: Interval,
    /// Only what is there, then the end.
    polls: bool,
}

/// One line of ntfy.
#[derive(Debug, Clone)]
pub struct Line(Value);

impl Following {
    pub async fn open(
        hub: Arc<Hub>,
        token: ApiToken,
        shown: String,
        topic: String,
        start: FeedStart,
        polls: bool,
    ) -> Result<Self, Problem> {
        // Before the first look, so that nothing rings unheard between the two.
        let bell = hub.publisher.bell();
        let place = hub.store.feed_place(hub.clock.now(), start).await?;
        let mut keepalive = tokio::time::interval_at(Instant::now() + KEEPALIVE, KEEPALIVE);
        keepalive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut following = Self { hub, token, shown, topic, place, waiting: VecDeque::new(), bell, keepalive, polls };
        if !polls {
            following.waiting.push_back(following.sign("open"));
        }
        following.look().await?;
        Ok(following)
    }

    /// The next line; `None` when the following is over: nothing waits at a poll, the token was revoked, the hub stops.
    pub async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                return Some(line);
            }
            if self.polls && !self.place.more {
                return None;
            }
            let rang = if self.place.more { true } else { self.wait().await? };
            if !rang {
                self.waiting.push_back(self.sign("keepalive"));
            }
            if let Err(problem) = self.look().await {
                tracing::debug!(detail = problem.detail, "a follower could not be served for now");
            }
        }
    }

    /// True when something may be new, false when it is time for a sign of life.
    async fn wait(&mut self) -> Option<bool> {
        tokio::select! {
            () = self.hub.tasks.stop().cancelled() => None,
            rang = self.bell.changed() => rang.ok().map(|()| true),
            _ = self.keepalive.tick() => {
                let now = self.hub.clock.now();
                // A store that cannot be read for now is no reason to send a follower away.
                let known = proof::of_program(&self.hub.store, now, token_hash(&self.shown)).await;
                (!matches!(known, Ok(None))).then_some(false)
            }
        }
    }

    async fn look(&mut self) -> Result<(), Problem> {
        let Feed { alerts, withdrawn, next } = self.hub.store.feed(self.place, self.token.binding.group.clone()).await?;
        self.place = next;
        let topic = &self.topic;
        self.waiting.extend(alerts.iter().map(|alert| Line::alert(topic, alert)));
        self.waiting.extend(withdrawn.iter().map(|alert| Line::withdrawal(topic, alert)));
        Ok(())
    }

    fn sign(&self, event: &str) -> Line {
        let now = self.hub.clock.now().as_millis();
        Line(json!({ "id": format!("sign{now}"), "time": now / 1_000, "event": event, "topic": self.topic }))
    }
}

impl Line {
    fn alert(topic: &str, alert: &Alert) -> Self {
        let mut tags = match alert.severity {
            Severity::Critical => vec!["rotating_light"],
            Severity::Error => vec!["x"],
            Severity::Warning => vec!["warning"],
            Severity::Info => vec![],
        };
        if alert.drill {
            tags.push("drill");
        }
        let mut line = json!({
            "id": alert.id, "sequence_id": alert.id, "time": alert.sent_at.as_millis() / 1_000, "event": "message", "topic": topic,
            "title": if alert.title.is_empty() { alert.from.as_str() } else { alert.title.as_str() }, "message": alert.text,
            "priority": priority(alert.severity), "tags": tags,
        });
        if let (Some(end), Some(line)) = (alert.expires_at, line.as_object_mut()) {
            line.insert("expires".into(), (end.as_millis() / 1_000).into());
        }
        Self(line)
    }

    fn withdrawal(topic: &str, alert: &Alert) -> Self {
        let at = alert.withdrawn_at.unwrap_or(alert.sent_at).as_millis() / 1_000;
        let id = format!("{}-withdrawn", alert.id);
        Self(json!({ "id": id, "sequence_id": alert.id, "time": at, "event": "message_delete", "topic": topic }))
    }

    pub fn json(&self) -> &Value {
        &self.0
    }

    pub fn written(&self, form: Form) -> String {
        let event = self.0.get("event").and_then(Value::as_str).unwrap_or_default();
        match form {
            Form::Json | Form::WebSocket => format!("{}\n", self.0),
            Form::Sse if event == "message" => format!("data: {}\n\n", self.0),
            Form::Sse => format!("event: {event}\ndata: {}\n\n", self.0),
            Form::Raw => {
                let text = self.0.get("message").and_then(Value::as_str).unwrap_or_default();
                format!("{}\n", text.replace('\n', " "))
            }
        }
    }
}

fn priority(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 5,
        Severity::Error => 4,
        Severity::Warning | Severity::Info => 3,
    }
}
