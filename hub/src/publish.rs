//! THE path of a message: draft, record, fan out. Every entrance meets here.
//!
//! Nothing is sent before it is saved, and nobody is told "accepted" before that.

mod life;

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use hub_core::alert::Draft;
use hub_core::rule::{Subject, Verdict};
use serde_json::value::RawValue;
use shared::wire::sensor::SensorEvent;
use shared::wire::to_hub::Receipt;
use shared::{AlertId, Audience, Name, Timestamp};
use tokio::sync::{oneshot, watch};

use crate::clock::Clock;
use crate::fanout::envelope::{self, Envelope};
use crate::fanout::panels::ReceiptNews;
use crate::fanout::{AlertSummary, Panels, Registry};
use crate::rules::Rules;
use crate::security::token::random_u128;
use crate::store::{
    Actor, ClientId, Consequences, Event, EventOutcome, NewAlert, NewEvent, NewMessage, ReceiptBatch, Recorded, Store, StoreError,
    Withdrawal,
};
use crate::tasks::Tasks;

/// Steps of escalation that are taken in one go: whatever the clock does, screens and mailboxes are not flooded.
const STEPS: u32 = 20;

/// The one way by which messages enter.
#[derive(Clone)]
pub struct Publisher {
    store: Store,
    registry: Arc<Registry>,
    panels: Panels,
    clock: Clock,
    key: SigningKey,
    tasks: Tasks,
    rules: Arc<Rules>,
    /// Rings when alerts are new or withdrawn, for those who then look into the store.
    bell: watch::Sender<u64>,
}

/// The channel of events that only show what the panel looks like: they are kept and cause nothing.
pub const DEMO: &str = "demo";

/// An event at the door: parsed, not yet saved.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub event: SensorEvent,
    /// Stands in for a missing source.
    pub peer: String,
    pub channel: &'static str,
    /// Whose screens it reaches if it escalates; everybody's unless its token says.
    pub audience: Option<Audience>,
    /// Name of the token by which it came.
    pub token: Option<String>,
}

impl Publisher {
    pub fn new(
        store: Store,
        registry: Arc<Registry>,
        panels: Panels,
        clock: Clock,
        key: SigningKey,
        tasks: Tasks,
        rules: Arc<Rules>,
    ) -> Self {
        Self { store, registry, panels, clock, key, tasks, rules, bell: watch::Sender::new(0) }
    }

    /// Changes whenever an alert is new or withdrawn.
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn ring(&self) {
        self.bell.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Runs to its end even if whoever asked goes away: between saving and sending nobody may give up.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.tasks.spawn("publish", async move {
            // The asker may be gone; the work counts all the same.
            let _ = answer.send(work.await);
        });
        answered.await.unwrap_or_else(|_| Err(StoreError::Halted("the hub is shutting down".into())))
    }

    /// Saves an alert with its deliveries, then sends it to whoever is connected.
    pub async fn alert(&self, actor: &Actor, draft: Draft, idempotency_key: Option<String>) -> Result<Recorded, StoreError> {
        let now = self.clock.now();
        let new = NewAlert {
            id: AlertId::from_parts(now, random_u128()),
            draft,
            from: actor.0.clone(),
            sent_at: now,
            dedup_key: None,
            idempotency: idempotency_key.map(|key| (actor.0.clone(), key)),
        };
        let (publisher, actor) = (self.clone(), actor.clone());
        self.to_the_end(async move {
            let recorded = publisher.store.record_alert(&actor, new, publisher.rules.book()).await?;
            if !recorded.repeated {
                publisher.fan_out(&recorded);
            }
            Ok(recorded)
        })
        .await
    }

    /// Takes an alert off every screen, and keeps it off those that it has not reached.
    pub async fn withdraw(&self, actor: &Actor, id: AlertId, reason: Option<String>) -> Result<(), StoreError> {
        let (publisher, actor) = (self.clone(), actor.clone());
        self.to_the_end(async move {
            for withdrawal in publisher.store.withdraw_alert(publisher.clock.now(), &actor, id, reason).await? {
                publisher.fan_out_withdrawal(&withdrawal).await;
            }
            Ok(())
        })
        .await
    }

    /// Saves events in one transaction and sends what they raise. Numbers come in the order of the events.
    pub async fn events(&self, incoming: Vec<Incoming>) -> Result<Vec<i64>, StoreError> {
        let publisher = self.clone();
        self.to_the_end(async move {
            let now = publisher.clock.now();
            let new = incoming.into_iter().map(|incoming| publisher.judged(incoming, now)).collect();
            let (saved, outcomes) = publisher.store.record_events(now, new).await?;
            let ids = outcomes.iter().map(|outcome| outcome.id).collect();
            for (event, outcome) in saved.into_iter().zip(outcomes) {
                publisher.announce(event, outcome).await;
            }
            Ok(ids)
        })
        .await
    }

    /// Keeps an agent's receipts and tells the panels what is new.
    pub async fn receipts(&self, client: ClientId, name: &Name, items: Vec<Receipt>) -> Result<(), StoreError> {
        let progress = self.store.record_receipts(self.clock.now(), ReceiptBatch { client, items }).await?;
        for news in progress {
            let client = name.as_str().to_owned();
            self.panels.receipt(ReceiptNews { alert: news.alert, client, state: news.state, at: news.at, reply: news.reply });
        }
        Ok(())
    }

    /// Keeps what a branch wrote and shows it to the technicians; told twice under one id, it is kept once.
    pub async fn branch_message(&self, client: ClientId, id: Option<String>, text: String) -> Result<(), StoreError> {
        let (number, is_new) = self.store.add_message(self.clock.now(), NewMessage { client, id, text }).await?;
        if is_new && self.panels.are_open() {
            self.panels.say("message", &self.store.message(number).await?);
        }
        Ok(())
    }

    /// The frame of an alert that waited in the store.
    pub fn sealed(&self, alert: &crate::store::Alert, audience: &shared::Audience) -> tokio_tungstenite::tungstenite::Utf8Bytes {
        envelope::frame(alert, audience, &self.key, self.clock.now())
    }

    fn fan_out(&self, recorded: &Recorded) {
        let envelope = Envelope::seal(&recorded.alert, &self.key, self.clock.now());
        let frames = recorded.recipients.iter().filter_map(|recipient| Some((recipient.client, envelope.frame(recipient.audience)?)));
        self.registry.send(frames, Some(envelope.seq));
        self.ring();
        if self.panels.are_open() {
            let queued = recorded.recipients.len() as u64;
            self.panels.say("alert", &AlertSummary::queued(recorded.alert.clone(), queued));
        }
    }

    async fn fan_out_withdrawal(&self, withdrawal: &Withdrawal) {
        let frame = envelope::withdraw(withdrawal.alert.id, withdrawal.alert.withdraw_reason.as_deref());
        self.registry.send(withdrawal.recipients.iter().map(|client| (*client, &frame)), None);
        self.ring();
        self.announce_alert(withdrawal.alert.id).await;
    }

    async fn announce(&self, new: NewEvent, outcome: EventOutcome) {
        if outcome.repeated {
            return;
        }
        self.tell(&outcome.consequences).await;
        if self.panels.are_open()
            && let Ok(raw_payload) = RawValue::from_string(new.event.raw)
        {
            self.panels.event(&Event {
                id: outcome.id,
                created_at: outcome.created_at,
                source: new.source,
                severity: new.event.severity,
                message: new.event.message,
                channel: new.channel.into(),
                raw_payload,
                silenced_by: match new.verdict {
                    Verdict::Silenced(silence) => Some(silence),
                    Verdict::Record | Verdict::Act(_) | Verdict::Resolve => None,
                },
            });
        }
    }

    /// Sends what came of events or of escalation to whoever is connected.
    async fn tell(&self, consequences: &Consequences) {
        for recorded in &consequences.raised {
            self.fan_out(recorded);
        }
        for amended in &consequences.amended {
            self.fan_out_amended(amended).await;
        }
        for withdrawal in &consequences.withdrawn {
            self.fan_out_withdrawal(withdrawal).await;
        }
        for email in &consequences.emails {
            self.panels.say("email", email);
        }
    }

    /// Does what is due because nobody has seen an alert; how many steps were looked at is bounded.
    pub async fn escalate(&self) -> Result<(), StoreError> {
        let publisher = self.clone();
        self.to_the_end(async move {
            let consequences = publisher.store.escalate(publisher.clock.now(), STEPS).await?;
            publisher.tell(&consequences).await;
            publisher.remind_all(&consequences.reminded).await
        })
        .await
    }

    /// Reminders are noted as done once they are sent: one that a crash kept back is sent again.
    async fn remind_all(&self, reminded: &[(i64, AlertId)]) -> Result<(), StoreError> {
        for (row, id) in reminded {
            match self.remind(&Actor::new("hub"), *id).await {
                // Withdrawn meanwhile, or reminded of a moment ago: nothing more is wanted.
                Ok(_) | Err(StoreError::Refused(_) | StoreError::Missing(_)) => {}
                Err(err) => return Err(err),
            }
            self.store.finish_reminder(self.clock.now(), *row).await?;
        }
        Ok(())
    }

    async fn announce_alert(&self, id: AlertId) {
        if !self.panels.are_open() {
            return;
        }
        match self.store.alert(id).await {
            Ok((alert, counts)) => self.panels.say("alert", &AlertSummary::new(alert, counts)),
            Err(err) => tracing::warn!(%err, %id, "could not tell the panels of a changed alert"),
        }
    }

    fn judged(&self, incoming: Incoming, now: Timestamp) -> NewEvent {
        let Incoming { event, peer, channel, audience, token } = incoming;
        let source = event.source.clone().unwrap_or(peer);
        let subject = Subject { event: &event, source: &source, channel, token: token.as_deref() };
        let is_demo = channel == DEMO;
        let verdict = if is_demo { Verdict::Record } else { self.rules.judge(&subject, now) };
        let bound_group = audience.map(|audience| audience.name().to_owned()).filter(|name| !name.is_empty());
        NewEvent { verdict, source, channel, bound_group, reaches_listeners: !is_demo && !event.resolved, event }
    }
}
