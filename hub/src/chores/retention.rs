//! Deletes what is older than the administrator wants it kept: small batches, with room for others between them.

use std::sync::Arc;
use std::time::Duration;

use shared::Timestamp;

use crate::hub::Hub;
use crate::store::{Actor, BATCH, CUT, Old, StoreError};

/// How often the hub looks.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// Between two batches others have the writer for themselves.
const PAUSE: Duration = Duration::from_millis(20);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How much of each kind went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub events: usize,
    pub emails: usize,
    /// Mail and calls that left or were given up, and what was answered.
    pub sent: usize,
    pub incidents: usize,
    pub alerts: usize,
    pub connections: usize,
    pub messages: usize,
    pub actions: usize,
}

pub async fn run(hub: Arc<Hub>) {
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        // What looks old may be so by a wrong clock alone.
        if hub.clock.is_settled()
            && let Err(err) = once(&hub).await
        {
            tracing::warn!(%err, "could not delete what is too old");
        }
    }
}

/// Deletes all that is too old by now, and says so in the action log if anything was. The hub's stop ends it early.
pub async fn once(hub: &Hub) -> Result<Forgotten, StoreError> {
    let now = hub.clock.now();
    let kept = hub.store.settings().await?.retention;
    let before = |days: Option<u32>| days.map(|days| now.plus_millis(-i64::from(days) * DAY_MS));
    let gone = Forgotten {
        events: rows(hub, Old::Events, before(kept.events_days)).await?,
        emails: rows(hub, Old::Emails, before(kept.events_days)).await?,
        sent: rows(hub, Old::Outgoing, before(kept.events_days)).await? + rows(hub, Old::Calls, before(kept.events_days)).await?,
        alerts: alerts(hub, now, before(kept.alerts_days)).await?,
        incidents: rows(hub, Old::Incidents, before(kept.events_days)).await?,
        connections: rows(hub, Old::Connections, before(kept.connections_days)).await?,
        messages: rows(hub, Old::Messages, before(kept.messages_days)).await?,
        actions: actions(hub, now, before(kept.actions_days)).await?,
    };
    note(hub, now, gone).await?;
    Ok(gone)
}

async fn rows(hub: &Hub, kind: Old, before: Option<Timestamp>) -> Result<usize, StoreError> {
    let Some(before) = before else { return Ok(0) };
    let mut all = 0;
    loop {
        let gone = hub.store.forget(kind, before).await?;
        all += gone;
        if gone < BATCH as usize || hub.tasks.stop().is_cancelled() {
            return Ok(all);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn actions(hub: &Hub, now: Timestamp, before: Option<Timestamp>) -> Result<usize, StoreError> {
    let Some(before) = before else { return Ok(0) };
    let mut all = 0;
    loop {
        let gone = hub.store.cut_actions(now, before).await?;
        all += gone;
        if gone < CUT as usize || hub.tasks.stop().is_cancelled() {
            return Ok(all);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn alerts(hub: &Hub, now: Timestamp, before: Option<Timestamp>) -> Result<usize, StoreError> {
    let Some(before) = before else { return Ok(0) };
    let (mut all, mut after) = (0, 0);
    loop {
        let settled = hub.store.settled_alerts(before, after).await?;
        let Some(last) = settled.last() else { return Ok(all) };
        after = *last;
        for seq in settled {
            while !hub.store.forget_alert(now, seq).await? {
                tokio::time::sleep(PAUSE).await;
            }
            all += 1;
            if hub.tasks.stop().is_cancelled() {
                return Ok(all);
            }
        }
    }
}

/// The cut of the action log has its own rows.
async fn note(hub: &Hub, now: Timestamp, gone: Forgotten) -> Result<(), StoreError> {
    let Forgotten { events, emails, sent: _, incidents: _, alerts, connections, messages, actions: _ } = gone;
    if events + emails + alerts + connections + messages == 0 {
        return Ok(());
    }
    let detail = format!(
        "deleted what was too old: {events} events, {emails} mails, {alerts} alerts, {connections} connections, {messages} messages"
    );
    hub.store.record_action(now, &Actor::new("hub"), "retention.delete", detail).await
}
