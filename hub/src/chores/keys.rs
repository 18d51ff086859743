//! Asks agents for a new key when theirs is older than the configuration allows.

use std::sync::Arc;
use std::time::Duration;

use crate::hub::Hub;
use crate::session::rotation;
use crate::store::{Actor, StoreError};

const EVERY: Duration = Duration::from_secs(60 * 60);
/// Asked at once; a network that was enrolled in a day gets its keys over some hours.
const AT_ONCE: u32 = 500;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

pub(super) async fn run(hub: Arc<Hub>) {
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        // What looks old may be so by a wrong clock alone.
        if hub.clock.is_settled()
            && let Err(err) = once(&hub).await
        {
            tracing::warn!(%err, "could not ask agents for new keys");
        }
    }
}

/// Asks those whose key is too old by now; how many.
pub async fn once(hub: &Hub) -> Result<usize, StoreError> {
    let days = i64::try_from(hub.config.agents.rotate_keys_days).unwrap_or(i64::MAX);
    if days == 0 {
        return Ok(0);
    }
    let now = hub.clock.now();
    let before = now.plus_millis(-days.saturating_mul(DAY_MS));
    let asked = hub.store.ask_for_old_keys(now, &Actor::new("pregon"), before, AT_ONCE).await?;
    rotation::ask(hub, &asked);
    Ok(asked.len())
}
