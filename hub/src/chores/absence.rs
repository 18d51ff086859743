//! Tells technicians when an important client is gone longer than its limit, and when it is back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hub_core::absence::{Departure, News, Watched};
use shared::Severity;

use crate::hub::Hub;
use crate::notice::Notice;
use crate::store::{ClientId, StoreError, WatchedClient};

const LOOK: Duration = Duration::from_secs(2);

pub(super) async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut watcher = Watcher { started: hub.clock.steady(), gone: HashMap::new() };
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(err) = watcher.look(&hub).await {
            tracing::warn!(%err, "could not look for important clients that are gone; it is tried again");
        }
    }
}

/// Its times are those of [`crate::clock::Clock::steady`], departures those of `lived`: a clock that is put a day forward makes
/// nobody gone for a day.
struct Watcher {
    started: i64,
    /// Who is gone: how it left, and since when that is.
    gone: HashMap<ClientId, (Departure, i64)>,
}

impl Watcher {
    async fn look(&mut self, hub: &Hub) -> Result<(), StoreError> {
        let clients = hub.store.watched_clients().await?;
        self.gone.retain(|id, _| clients.iter().any(|client| client.id == *id));
        for client in &clients {
            // Sessions end with the hub: from then on nobody is missed.
            if hub.tasks.stop().is_cancelled() {
                return Ok(());
            }
            let news = self.watched(hub, client).news(hub.clock.steady() - self.started);
            let notice = match news {
                None => continue,
                Some(News::Gone(gone_ms)) => gone(client, gone_ms),
                Some(News::Back) => back(client),
            };
            hub.publisher.notice(notice).await?;
            hub.store.note_gone(hub.clock.now(), client.id, &client.name, news != Some(News::Back)).await?;
        }
        Ok(())
    }

    fn watched(&mut self, hub: &Hub, client: &WatchedClient) -> Watched {
        let online = hub.registry.is_online(client.id);
        let gone_ms = if online { None } else { self.gone_ms(hub, client) };
        if gone_ms.is_none() {
            self.gone.remove(&client.id);
        }
        Watched { limit_s: client.limit_s, online, gone_ms, told: client.told }
    }

    /// What is remembered holds as long as it left the same way.
    fn gone_ms(&mut self, hub: &Hub, client: &WatchedClient) -> Option<i64> {
        let steady = hub.clock.steady();
        if let Some((departure, since)) = self.gone.get(&client.id)
            && *departure == client.departure
        {
            return Some(steady - since);
        }
        let gone_ms = client.departure.gone_ms(hub.clock.lived(), steady - self.started)?;
        self.gone.insert(client.id, (client.departure, steady - gone_ms));
        Some(gone_ms)
    }
}

fn key(client: &WatchedClient) -> String {
    format!("client-gone:{}", client.id.0)
}

fn gone(client: &WatchedClient, gone_ms: i64) -> Notice {
    let message = match client.has_been_there {
        true => format!("{}: not connected for {}", client.name, span(gone_ms)),
        false => format!("{}: enrolled {} ago and never connected", client.name, span(gone_ms)),
    };
    Notice::new(Severity::Error, message).about(key(client)).label("client", &client.name)
}

fn back(client: &WatchedClient) -> Notice {
    let words = if client.limit_s.is_some() { "connected again" } else { "no longer watched" };
    Notice::new(Severity::Info, format!("{}: {words}", client.name)).about(key(client)).label("client", &client.name).resolved()
}

fn span(millis: i64) -> String {
    let minutes = millis / 60_000;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
