//! What leaves the hub by itself: takes what is due from the queue, tries it, writes down what came of it.
//!
//! Nothing waits for this. A parcel is leased while it is tried, so that a crash only delays it; it may arrive twice, under
//! the same Message-ID or the same id.

pub mod letter;
pub mod mail;
mod metered;
pub mod reach;
pub mod webhook;
mod words;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use hub_core::notice;

use crate::hub::Hub;
use crate::store::{Carrier, Fate, Parcel, Settled};

/// How often the queue is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// Parcels of one carrier that are tried at once.
const AT_ONCE: usize = 4;
/// Of a bundle the panels hear so many rows; they fetch the numbers and the list anyway.
const SAID: usize = 20;
/// Finished rows are kept so long, for who asks whether something was told twice.
const KEEP_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
const CLEAN: Duration = Duration::from_secs(60 * 60);

/// What deliveries share.
#[derive(Debug, Default)]
pub struct Courier {
    pub(crate) roots: webhook::Roots,
    /// Held while an administrator tries the mail server: one at a time.
    pub testing: tokio::sync::Mutex<()>,
}

/// Starts what delivers; it ends when the hub stops, and what was in hand then is tried again at the next start.
pub fn start(hub: &Arc<Hub>) {
    hub.tasks.spawn("mail", Box::pin(run(Arc::clone(hub), Carrier::Mail)));
    hub.tasks.spawn("webhooks", Box::pin(run(Arc::clone(hub), Carrier::Webhook)));
    hub.tasks.spawn("courier-cleaning", Box::pin(clean(Arc::clone(hub))));
}

/// What this machine calls itself to others.
fn machine_name() -> String {
    crate::security::tls::host_name().unwrap_or_else(|| "localhost".to_owned())
}

async fn run(hub: Arc<Hub>, carrier: Carrier) {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = looks.tick() => {}
        }
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = deliver_due(&hub, carrier) => {}
        }
    }
}

async fn deliver_due(hub: &Arc<Hub>, carrier: Carrier) {
    // What is due far from now was put off by a wrong clock, and is not waited for: not so while the clock jumps.
    let still = hub.clock.stand_still().await;
    let claimed = hub.store.claim_parcels(hub.clock.now(), carrier).await;
    drop(still);
    match claimed {
        Ok(parcels) => {
            futures_util::stream::iter(parcels).for_each_concurrent(AT_ONCE, |parcel| Box::pin(deliver(hub, carrier, parcel))).await;
        }
        Err(err) => tracing::warn!(%err, "could not look at what is to leave"),
    }
}

async fn deliver(hub: &Arc<Hub>, carrier: Carrier, parcel: Parcel) {
    let tried = match carrier {
        Carrier::Mail => mail::Mailer::new(&hub.config.smtp).send(hub.store.epoch(), &parcel.recipient, &parcel.key, &parcel.letters).await,
        Carrier::Webhook => webhook::call(hub, &parcel).await,
    };
    let now = hub.clock.now();
    let settled = match tried {
        Ok(answer) => Settled { fate: Fate::Done, detail: answer },
        Err(reason) => match notice::retry_after_ms(parcel.attempts) {
            Some(wait) => Settled { fate: Fate::Again(now.plus_millis(wait)), detail: reason },
            None => Settled { fate: Fate::GivenUp, detail: format!("{reason}; given up after {} attempts", parcel.attempts) },
        },
    };
    if carrier == Carrier::Mail && settled.fate == Fate::Done {
        hub.monitor.gathered(parcel.letters.len());
    }
    match hub.store.settle_parcel(now, carrier, parcel, settled).await {
        Ok(logs) => logs.iter().take(SAID).for_each(|log| hub.panels.say("email", log)),
        Err(err) => tracing::warn!(%err, ?carrier, "could not note what came of a delivery; it is tried again"),
    }
}

async fn clean(hub: Arc<Hub>) {
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(CLEAN) => {}
        }
        if let Err(err) = hub.store.forget_parcels(hub.clock.now().plus_millis(-KEEP_MS)).await {
            tracing::warn!(%err, "could not forget what was delivered long ago");
        }
    }
}
