//! What rules do by themselves: steps that are due, sources that should have reported, incidents that are over.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hub_core::rule::Watch;

use crate::hub::Hub;
use crate::notice::Notice;
use crate::store::StoreError;

const LOOK: Duration = Duration::from_secs(1);
const TIDY: Duration = Duration::from_secs(60);

pub(super) async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut watcher = Watcher { silent: HashSet::new(), is_ready: false };
    let mut tidied = Instant::now();
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(err) = watcher.look(&hub).await {
            tracing::warn!(%err, "could not do what rules say is due; it is tried again");
        }
        if tidied.elapsed() > TIDY {
            tidied = Instant::now();
            if let Err(err) = hub.store.tidy_incidents(hub.clock.now()).await {
                tracing::warn!(%err, "could not close what is over");
            }
        }
    }
}

struct Watcher {
    /// Switches that are known to be silent.
    silent: HashSet<String>,
    /// What was silent when the hub ended has been read.
    is_ready: bool,
}

impl Watcher {
    async fn look(&mut self, hub: &Hub) -> Result<(), StoreError> {
        if !self.is_ready {
            self.silent = hub.store.silent_watches().await?.into_iter().map(|(id, _)| id).collect();
            self.is_ready = true;
        }
        hub.publisher.escalate().await?;
        self.listen(hub).await
    }

    async fn listen(&mut self, hub: &Hub) -> Result<(), StoreError> {
        let now = hub.clock.now();
        let switches = hub.rules.switches();
        for switch in &switches {
            let id = &switch.watch.id;
            let was_silent = self.silent.contains(id);
            // Heard since the hub started: at the start nothing is known of anybody.
            let is_back = was_silent && switch.heard_at.is_some();
            if switch.is_overdue(now) && !was_silent {
                hub.publisher.notice(silent(&switch.watch)).await?;
                hub.store.note_watch(id.clone(), Some(now)).await?;
                self.silent.insert(id.clone());
            } else if is_back && !switch.is_overdue(now) {
                self.heard(hub, id, &switch.watch.name).await?;
            }
        }
        let gone: Vec<String> = self.silent.iter().filter(|id| !switches.iter().any(|switch| switch.watch.id == **id)).cloned().collect();
        for id in gone {
            // A switch that was removed has nothing to say any more.
            self.heard(hub, &id, "").await?;
        }
        Ok(())
    }

    async fn heard(&mut self, hub: &Hub, id: &str, name: &str) -> Result<(), StoreError> {
        hub.publisher.notice(heard_again(id, name)).await?;
        hub.store.note_watch(id.to_owned(), None).await?;
        self.silent.remove(id);
        Ok(())
    }
}

fn key(id: &str) -> String {
    format!("watch:{id}")
}

fn silent(watch: &Watch) -> Notice {
    let minutes = watch.every_s.div_ceil(60);
    let message = format!("{}: no sign of life from {} for {minutes} min", watch.name, watch.source);
    let notice = Notice::new(watch.severity, message).about(key(&watch.id)).label("watch", &watch.name).label("watched", &watch.source);
    notice.code("watch_silent").value("watch", watch.name.as_str()).value("source", watch.source.as_str()).value("count", minutes)
}

fn heard_again(id: &str, name: &str) -> Notice {
    let notice = Notice::new(shared::Severity::Info, format!("{name}: reports again")).about(key(id)).label("watch", name);
    notice.code("watch_back").value("watch", name).resolved()
}
