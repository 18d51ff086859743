//! Looks once a second for what keeps the hub from its promise, and says it: to open panels at once, as an event when it lasts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use shared::Severity;

use super::leftover::{self, Leftovers};
use super::room;
use super::trouble::{self, Findings, Trouble, TroubleCode};
use crate::hub::Hub;
use crate::notice::Notice;
use crate::store::StoreError;

const LOOK: Duration = Duration::from_secs(1);
/// The queues are counted once in so many looks.
const COUNT: u64 = 5;
/// What is over sooner is no event.
const LASTING: Duration = Duration::from_secs(60);

/// What keeps the hub from its promise now; empty when all is well again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TroubleNews {
    pub problems: Vec<Trouble>,
}

/// Looks until the hub stops.
pub async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut watch = Watch { failed: hub.store.failed_commits(), saving: None, looks: 0, told: Vec::new(), leftovers: Leftovers::new() };
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        watch.look(&hub).await;
    }
}

struct Watch {
    /// Failed commits that are known of.
    failed: u64,
    /// Why saving fails, until it is proved that it does not any more.
    saving: Option<StoreError>,
    looks: u64,
    told: Vec<Told>,
    leftovers: Leftovers,
}

/// A trouble that stands, and whether it is an event already.
struct Told {
    trouble: Trouble,
    began: Instant,
    is_event: bool,
}

impl Watch {
    async fn look(&mut self, hub: &Hub) {
        if self.looks.is_multiple_of(COUNT) {
            match hub.store.waiting_parcels().await {
                Ok(waiting) => hub.monitor.note_waiting(waiting),
                Err(err) => tracing::debug!(%err, "could not count what waits to leave"),
            }
            let rejected = hub.monitor.rejections.take();
            if !rejected.is_empty()
                && let Err(err) = hub.store.note_rejections(hub.clock.now(), rejected).await
            {
                tracing::debug!(%err, "could not note who was not let in");
            }
        }
        self.looks += 1;
        self.test_saving(hub).await;
        let (now, known) = (hub.clock.now(), hub.monitor.troubles());
        let mut troubles = trouble::judge(&self.find(hub), now);
        for trouble in &mut troubles {
            trouble.since = known.iter().find(|old| old.key() == trouble.key()).map_or(now, |old| old.since);
        }
        let keys = |troubles: &[Trouble]| troubles.iter().map(Trouble::key).collect::<Vec<_>>();
        let is_news = keys(&known) != keys(&troubles);
        hub.monitor.note_troubles(troubles.clone());
        if is_news {
            log(&known, &troubles);
            hub.panels.say("trouble", &TroubleNews { problems: troubles.clone() });
        }
        self.record(hub, &troubles).await;
    }

    /// One save that succeeds is no proof: small ones still fit where large ones do not.
    async fn test_saving(&mut self, hub: &Hub) {
        let failed = hub.store.failed_commits();
        if failed != self.failed {
            self.failed = failed;
            self.saving = hub.store.last_failure();
        } else if self.saving.is_some() && hub.store.halted().is_none() {
            let data = hub.data().to_owned();
            let tried = tokio::task::spawn_blocking(move || room::trial(&data)).await;
            if matches!(tried, Ok(Ok(()))) && hub.store.try_saving().await.is_ok() {
                self.saving = None;
            }
            self.failed = hub.store.failed_commits();
        }
    }

    fn find(&self, hub: &Hub) -> Findings {
        Findings {
            halted: hub.store.halted(),
            saving: self.saving.clone(),
            is_stopping: hub.tasks.stop().is_cancelled(),
            shut: hub.monitor.doors.shut(),
            days_left: hub.tls.server_validity().ok().map(|validity| validity.days_left(hub.clock.now())),
            free: room::free(hub.data()),
            stuck_mails: hub.monitor.waiting().stuck_mails,
        }
    }

    /// What lasts becomes an event, which ends with it; rules, mail and panel treat it like any other.
    async fn record(&mut self, hub: &Hub, troubles: &[Trouble]) {
        for trouble in troubles.iter().filter(|trouble| trouble.code != TroubleCode::ShuttingDown) {
            if !self.told.iter().any(|told| told.trouble.key() == trouble.key()) {
                self.told.push(Told { trouble: trouble.clone(), began: Instant::now(), is_event: false });
            }
        }
        self.adopt(hub).await;
        let mut kept = Vec::new();
        for mut told in std::mem::take(&mut self.told) {
            let stands = troubles.iter().any(|trouble| trouble.key() == told.trouble.key());
            if let Some(notice) = due(&told, stands) {
                match hub.publisher.notice(notice).await {
                    Ok(()) => told.is_event = stands,
                    Err(err) => {
                        tracing::debug!(%err, "could not record what keeps the hub from its promise");
                        kept.push(told);
                        continue;
                    }
                }
            }
            if stands {
                kept.push(told);
            }
        }
        self.told = kept;
    }

    /// What an earlier hub told and what still stands is one event; what is gone since then ends.
    async fn adopt(&mut self, hub: &Hub) {
        let key = |told: &Told| leftover::key(&told.trouble).map(|(key, _)| key);
        let keys: Vec<String> = self.told.iter().filter_map(key).collect();
        let standing = self.leftovers.standing(&keys);
        for told in &mut self.told {
            told.is_event |= key(told).is_some_and(|key| standing.contains(&key));
        }
        if let Err(err) = self.leftovers.end_what_is_gone(hub).await {
            tracing::debug!(%err, "could not end the events of trouble that is gone");
        }
    }
}

/// What there is to record about a trouble now.
fn due(told: &Told, stands: bool) -> Option<Notice> {
    let Trouble { detail, advice, .. } = &told.trouble;
    let (key, name) = leftover::key(&told.trouble)?;
    match (told.is_event, stands) {
        (false, true) if told.began.elapsed() >= LASTING => {
            let notice = Notice::new(told.trouble.severity(), format!("{detail}; {advice}")).about(key).label("trouble", name);
            Some(said(notice.code("trouble"), &told.trouble))
        }
        (true, false) => {
            let notice = Notice::new(Severity::Info, format!("over: {detail}")).about(key).label("trouble", name).resolved();
            Some(said(notice.code("trouble_over"), &told.trouble))
        }
        _ => None,
    }
}

fn log(before: &[Trouble], after: &[Trouble]) {
    for begun in after.iter().filter(|new| !before.iter().any(|old| old.key() == new.key())) {
        tracing::warn!(code = ?begun.code, detail = begun.detail, advice = begun.advice, "trouble");
    }
    for over in before.iter().filter(|old| !after.iter().any(|new| old.key() == new.key())) {
        tracing::info!(code = ?over.code, "trouble is over");
    }
}

/// The values with which the panel says a trouble in its own words.
fn said(notice: Notice, trouble: &Trouble) -> Notice {
    let notice = notice.value("count", trouble.value.unwrap_or_default());
    trouble.about.map_or(notice.clone(), |about| notice.value("about", about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_is_an_event_once_and_ends_once() {
        let found = Findings { stuck_mails: 2, ..Findings::default() };
        let trouble = trouble::judge(&found, shared::Timestamp::from_millis(0)).remove(0);
        let long_ago = Instant::now().checked_sub(LASTING).expect("a moment");
        let told = |began, is_event| Told { trouble: trouble.clone(), began, is_event };
        let table = [
            (told(Instant::now(), false), true, false),
            (told(Instant::now(), false), false, false),
            (told(long_ago, false), true, true),
            (told(long_ago, true), true, false),
            (told(long_ago, true), false, true),
        ];
        for (told, stands, expected) in table {
            assert_eq!(due(&told, stands).is_some(), expected, "{} {stands}", told.is_event);
        }
    }
}
