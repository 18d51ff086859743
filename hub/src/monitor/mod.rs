//! How the hub is: counters of what passes, a sample every ten seconds, and rings that remember an hour and a week.
//!
//! Knows figures only: no text of an alert, no name, no secret.

pub mod doors;
mod leftover;
mod process;
pub mod refusals;
pub mod rejections;
pub mod room;
pub mod traffic;
pub mod trouble;
pub mod watch;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use shared::Timestamp;

use crate::hub::Hub;
use crate::store::WaitingParcels;

use self::doors::Doors;
use self::refusals::Refusals;
use self::rejections::Rejections;
use self::traffic::Tap;
use self::trouble::Trouble;

/// Seconds between two samples.
pub const FINE_S: u64 = 10;
const FINE: Duration = Duration::from_secs(FINE_S);
/// An hour of fine samples.
const FINE_KEPT: usize = 360;
/// One sample in so many is kept for a week: every five minutes.
const COARSE: u64 = 30;
const COARSE_KEPT: usize = 2_016;

/// How the hub was at a moment. What the machine does not tell is absent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Sample {
    pub at: Timestamp,
    /// Of one core, since the sample before; more than 100 when several work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<f64>,
    /// Resident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_handles: Option<u64>,
    /// Agents that are connected.
    pub connections: u64,
    /// Panels that are open.
    pub panels: u64,
    /// Open connections of sensors.
    pub sensors: u64,
    /// Frames of agents and lines of sensors since the hub started.
    pub messages_in: u64,
    /// Frames written to agents since the hub started.
    pub messages_out: u64,
    /// Pieces of work that wait to be saved.
    pub queue_depth: u64,
    /// Mails that wait to leave, as of a few seconds ago.
    pub mails_waiting: u64,
    /// Calls of webhooks that wait.
    pub webhooks_waiting: u64,
    /// The last commit, its sync to disk included.
    pub commit_ms: f64,
    /// The slowest commit since the sample before.
    pub commit_worst_ms: f64,
    /// Commits that failed since the hub started.
    pub commit_failures: u64,
    /// Frames that were wrong, and agents that were not let in, since the hub started.
    pub traffic_errors: u64,
    /// Where the data folder is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_free_bytes: Option<u64>,
    /// `pregon.db` with its write-ahead log.
    pub database_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_days_left: Option<i64>,
}

#[derive(Debug, Default)]
struct Rings {
    fine: VecDeque<Sample>,
    coarse: VecDeque<Sample>,
    taken: u64,
    /// CPU seconds at the sample before, and when that was.
    cpu: Option<(f64, Instant)>,
}

/// The hub's figures.
#[derive(Debug, Default)]
pub struct Monitor {
    messages_in: AtomicU64,
    messages_out: AtomicU64,
    rings: Mutex<Rings>,
    troubles: Mutex<Vec<Trouble>>,
    waiting: Mutex<WaitingParcels>,
    /// What listens, and whether it accepts.
    pub doors: Doors,
    /// What passes over the WebSockets of agents.
    pub tap: Tap,
    pub rejections: Rejections,
    pub refusals: Refusals,
    bundled: AtomicU64,
    sensors: AtomicU64,
}

/// Counts an open connection of a sensor as long as it is held.
pub struct OpenSensor(Arc<Hub>);

impl OpenSensor {
    pub fn new(hub: &Arc<Hub>) -> Self {
        hub.monitor.sensors.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(hub))
    }
}

impl Drop for OpenSensor {
    fn drop(&mut self) {
        self.0.monitor.sensors.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Monitor {
    pub fn heard(&self, messages: usize) {
        self.messages_in.fetch_add(messages as u64, Ordering::Relaxed);
    }

    pub fn wrote(&self, messages: usize) {
        self.messages_out.fetch_add(messages as u64, Ordering::Relaxed);
    }

    /// A mail left that gathers so many.
    pub fn gathered(&self, letters: usize) {
        if letters > 1 {
            self.bundled.fetch_add(letters as u64, Ordering::Relaxed);
        }
    }

    /// Mails that left together with others since the hub started.
    pub fn mails_bundled(&self) -> u64 {
        self.bundled.load(Ordering::Relaxed)
    }

    /// What keeps the hub from its promise, as of the last look; the gravest first.
    pub fn troubles(&self) -> Vec<Trouble> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_troubles(&self, troubles: Vec<Trouble>) {
        *self.troubles.lock().unwrap_or_else(PoisonError::into_inner) = troubles;
    }

    /// What waits to leave, as of a few seconds ago.
    pub fn waiting(&self) -> WaitingParcels {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_waiting(&self, waiting: WaitingParcels) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = waiting;
    }

    /// The samples of the last hour and of the last week, oldest first.
    pub fn series(&self) -> (Vec<Sample>, Vec<Sample>) {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        (rings.fine.iter().cloned().collect(), rings.coarse.iter().cloned().collect())
    }

    /// CPU of the last full interval.
    fn last_cpu(&self) -> Option<f64> {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.fine.back().and_then(|sample| sample.cpu_percent)
    }

    fn keep(&self, mut sample: Sample, cpu_seconds: Option<f64>) {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let before = rings.cpu;
        rings.cpu = cpu_seconds.map(|seconds| (seconds, Instant::now()));
        sample.cpu_percent = before.zip(rings.cpu).and_then(|((old, since), (new, _))| {
            let elapsed = since.elapsed().as_secs_f64();
            (elapsed > 0.0).then(|| ((new - old).max(0.0) / elapsed * 1_000.0).round() / 10.0)
        });
        if rings.taken.is_multiple_of(COARSE) {
            push(&mut rings.coarse, sample.clone(), COARSE_KEPT);
        }
        push(&mut rings.fine, sample, FINE_KEPT);
        rings.taken += 1;
    }
}

fn push(ring: &mut VecDeque<Sample>, sample: Sample, kept: usize) {
    if ring.len() >= kept {
        ring.pop_front();
    }
    ring.push_back(sample);
}

/// How the hub is now. Reads a few small files.
pub fn now(hub: &Hub) -> Sample {
    sample(hub, process::read().as_ref(), hub.monitor.last_cpu(), hub.store.worst_commit())
}

fn sample(hub: &Hub, process: Option<&process::Process>, cpu_percent: Option<f64>, worst: Duration) -> Sample {
    let now = hub.clock.now();
    let waiting = hub.monitor.waiting();
    Sample {
        at: now,
        cpu_percent,
        memory_bytes: process.map(|process| process.memory_bytes),
        threads: process.map(|process| process.threads),
        file_handles: process.and_then(|process| process.file_handles),
        connections: hub.registry.online() as u64,
        panels: hub.panels.open() as u64,
        sensors: hub.monitor.sensors.load(Ordering::Relaxed),
        messages_in: hub.monitor.messages_in.load(Ordering::Relaxed),
        messages_out: hub.monitor.messages_out.load(Ordering::Relaxed),
        queue_depth: hub.store.queue_depth() as u64,
        mails_waiting: waiting.mails.into(),
        webhooks_waiting: waiting.webhooks.into(),
        commit_ms: hub.store.last_commit().as_secs_f64() * 1_000.0,
        commit_worst_ms: worst.max(hub.store.last_commit()).as_secs_f64() * 1_000.0,
        commit_failures: hub.store.failed_commits(),
        traffic_errors: hub.monitor.tap.errors_total(),
        disk_free_bytes: room::free(hub.data()),
        database_bytes: database_bytes(hub.data()),
        certificate_days_left: hub.tls.server_validity().ok().map(|validity| validity.days_left(now)),
    }
}

fn database_bytes(data: &Path) -> u64 {
    ["pregon.db", "pregon.db-wal"].iter().filter_map(|name| std::fs::metadata(data.join(name)).ok()).map(|file| file.len()).sum()
}

/// Takes a sample every ten seconds until the hub stops. Goes by elapsed time: a clock that is set moves no sample.
pub async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(FINE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        let process = process::read();
        let cpu_seconds = process.as_ref().map(|process| process.cpu_seconds);
        let worst = hub.store.take_worst_commit();
        hub.monitor.keep(sample(&hub, process.as_ref(), None, worst), cpu_seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at: i64) -> Sample {
        Sample {
            at: Timestamp::from_millis(at),
            cpu_percent: None,
            memory_bytes: None,
            threads: None,
            file_handles: None,
            connections: 0,
            panels: 0,
            sensors: 0,
            mails_waiting: 0,
            webhooks_waiting: 0,
            commit_worst_ms: 0.0,
            commit_failures: 0,
            traffic_errors: 0,
            disk_free_bytes: None,
            messages_in: 0,
            messages_out: 0,
            queue_depth: 0,
            commit_ms: 0.0,
            database_bytes: 0,
            certificate_days_left: None,
        }
    }

    #[test]
    fn an_hour_and_a_week_are_remembered_and_no_more() {
        let monitor = Monitor::default();
        for at in 0..70_000 {
            monitor.keep(sample(at), None);
        }
        let (fine, coarse) = monitor.series();
        assert_eq!((fine.len(), coarse.len()), (FINE_KEPT, COARSE_KEPT));
        assert_eq!(fine.last().map(|sample| sample.at), Some(Timestamp::from_millis(69_999)));
        assert!(coarse.iter().all(|sample| sample.at.as_millis() % 30 == 0));
    }
}
