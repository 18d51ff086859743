//! What the hub does by itself, again and again: ends what has expired, sends what is planned, renews its certificate, copies the action log.

mod absence;
mod clock;
mod schedule;

pub mod keys;
pub mod retention;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use crate::http::dialects;
use shared::Timestamp;

use crate::hub::Hub;
use crate::store::StoreError;

/// How often the hub looks for alerts that have expired.
const SWEEP: Duration = Duration::from_secs(2);
const RENEWAL: Duration = Duration::from_secs(60 * 60);

/// Starts every chore; they end when the hub stops.
pub fn start(hub: &Arc<Hub>) {
    hub.tasks.spawn("clock", Box::pin(clock::run(Arc::clone(hub))));
    hub.tasks.spawn("sweep", Box::pin(sweep(Arc::clone(hub))));
    hub.tasks.spawn("rules", Box::pin(rules::run(Arc::clone(hub))));
    hub.tasks.spawn("absence", Box::pin(absence::run(Arc::clone(hub))));
    hub.tasks.spawn("schedule", Box::pin(schedule::run(Arc::clone(hub))));
    hub.tasks.spawn("retention", Box::pin(retention::run(Arc::clone(hub))));
    hub.tasks.spawn("keys", Box::pin(keys::run(Arc::clone(hub))));
    hub.tasks.spawn("renewal", Box::pin(renew(Arc::clone(hub))));
    hub.tasks.spawn("monitor", Box::pin(crate::monitor::run(Arc::clone(hub))));
    hub.tasks.spawn("watch", Box::pin(crate::monitor::watch::run(Arc::clone(hub))));
    hub.tasks.spawn("action-file", Box::pin(action_file(Arc::clone(hub))));
}

async fn sweep(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(SWEEP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut forgotten = hub.clock.now();
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(err) = hub.publisher.expire().await {
            tracing::warn!(%err, "could not end what has expired");
        }
        if let Err(problem) = dialects::end_what_is_not_repeated(&hub).await {
            tracing::warn!(detail = problem.detail, "could not end alerts that are no longer repeated");
        }
        hub.rates.forget_quiet();
        hub.requests.forget_quiet();
        hub.guard.expire();
        let now = hub.clock.now();
        if now.millis_since(forgotten) > 60 * 60 * 1_000 && hub.clock.is_settled() {
            forgotten = now;
            if let Err(err) = hub.store.forget_retries(now).await {
                tracing::warn!(%err, "could not forget old keys of retries");
            }
            if let Err(err) = forget_strangers(&hub, now).await {
                tracing::warn!(%err, "could not forget what the guard noticed long ago");
            }
            if let Err(err) = hub.store.forget_scheduled(now).await {
                tracing::warn!(%err, "could not forget planned alerts that are over");
            }
        }
    }
}

/// What the guard noticed is kept for 90 days, and of a storm the newest.
const NOTICED_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
const NOTICED: u32 = 200_000;
const FORGOTTEN_AT_ONCE: u32 = 5_000;

async fn forget_strangers(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    while hub.store.forget_security(now.plus_millis(-NOTICED_MS), NOTICED, FORGOTTEN_AT_ONCE).await? > 0 {}
    while hub.store.forget_bans(now, FORGOTTEN_AT_ONCE).await? > 0 {}
    Ok(())
}

async fn action_file(hub: Arc<Hub>) {
    crate::logs::follow::run(&hub.data, hub.store.clone(), hub.clock.clone(), hub.panels.clone(), hub.tasks.stop().clone()).await;
}

async fn renew(hub: Arc<Hub>) {
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(RENEWAL) => {}
        }
        match hub.tls.renew_if_due(hub.clock.now()) {
            Ok(true) => tracing::info!("the server certificate was renewed"),
            Ok(false) => {}
            Err(err) => tracing::error!(%err, "the server certificate could not be renewed"),
        }
    }
}
