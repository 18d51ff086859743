//! What passes over the connections of agents, panels and sensors, for whoever looks: a sample, bounded, without a word of
//! any text. Each kind has room of its own, so that a flood of one hides no other.
//!
//! Costs nothing while nobody looks, but for errors: the last of them are always there.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use shared::Timestamp;

/// Frames and errors that are kept, each, of a kind; and shown of all.
const KEPT: usize = 200;
/// Frames of a kind that are kept of one second; the others are counted.
const A_SECOND: u64 = 40;
/// Whoever looked is thought to look for so long.
const LOOKING_MS: u64 = 15_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrafficDirection {
    In,
    Out,
}

/// Whose connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrafficKind {
    Agent,
    Panel,
    Sensor,
}

impl TrafficKind {
    pub const ALL: [Self; 3] = [Self::Agent, Self::Panel, Self::Sensor];
}

/// The other end: an agent by its name, a panel by its user, a sensor by its token or address.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'a> {
    kind: TrafficKind,
    name: &'a str,
}

impl<'a> Peer<'a> {
    pub fn agent(name: &'a str) -> Self {
        Self { kind: TrafficKind::Agent, name }
    }

    pub fn panel(name: &'a str) -> Self {
        Self { kind: TrafficKind::Panel, name }
    }

    pub fn sensor(name: &'a str) -> Self {
        Self { kind: TrafficKind::Sensor, name }
    }
}

/// A frame or a line that passed, or what went wrong with one.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TrafficEntry {
    /// Rises with each entry.
    pub number: u64,
    pub at: Timestamp,
    pub kind: TrafficKind,
    /// The agent's name, the panel's user, the sensor's token or address; empty as long as nobody knows.
    pub client: String,
    pub direction: TrafficDirection,
    /// The `action` or `type` of the frame; `event` for the line of a sensor.
    pub action: String,
    pub bytes: u64,
    /// What was wrong: a code of an `error` frame, a reason of `rejected`, or why the connection ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What was seen of the traffic.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Traffic {
    /// Newest first. What passed while nobody looked is not there.
    pub frames: Vec<TrafficEntry>,
    /// Newest first.
    pub errors: Vec<TrafficEntry>,
    /// Frames that passed while somebody looked and are not shown, since the hub started.
    pub left_out: u64,
    /// Since the hub started.
    pub errors_total: u64,
}

#[derive(Debug)]
pub struct Tap {
    start: Instant,
    looked_until: AtomicU64,
    number: AtomicU64,
    /// In the order of [`TrafficKind::ALL`].
    lanes: [Lane; TrafficKind::ALL.len()],
}

/// What is kept of one kind.
#[derive(Debug, Default)]
struct Lane {
    /// The second, and how many frames of it were kept.
    second: AtomicU64,
    kept_of_it: AtomicU64,
    left_out: AtomicU64,
    errors_total: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    frames: VecDeque<TrafficEntry>,
    errors: VecDeque<TrafficEntry>,
}

impl Default for Tap {
    fn default() -> Self {
        let (looked_until, number) = (AtomicU64::default(), AtomicU64::default());
        Self { start: Instant::now(), looked_until, number, lanes: Default::default() }
    }
}

impl Tap {
    /// Whether anybody looks: only then is it worth naming a frame.
    pub fn is_watched(&self) -> bool {
        self.millis() < self.looked_until.load(Ordering::Relaxed)
    }

    /// A frame passed; `text` is only asked for what it is called.
    pub fn frame(&self, at: Timestamp, peer: Peer<'_>, direction: TrafficDirection, text: &str) {
        self.passed(at, peer, direction, text.len(), || word(text));
    }

    /// A line of a sensor passed.
    pub fn line(&self, at: Timestamp, peer: Peer<'_>, bytes: usize) {
        self.passed(at, peer, TrafficDirection::In, bytes, || "event");
    }

    /// Something went wrong; `error` is a word of ours.
    pub fn error(&self, at: Timestamp, peer: Peer<'_>, direction: TrafficDirection, action: &str, error: &str) {
        let lane = self.lane(peer.kind);
        lane.errors_total.fetch_add(1, Ordering::Relaxed);
        let entry = self.entry(at, peer, direction, action, 0, Some(error));
        push(&mut lane.lock().errors, entry);
    }

    /// What was seen, of one kind or of all; from now on somebody looks.
    pub fn look(&self, kind: Option<TrafficKind>) -> Traffic {
        self.looked_until.store(self.millis() + LOOKING_MS, Ordering::Relaxed);
        let mut traffic = Traffic { frames: Vec::new(), errors: Vec::new(), left_out: 0, errors_total: 0 };
        for lane in TrafficKind::ALL.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one)).map(|kind| self.lane(kind)) {
            let seen = lane.lock();
            traffic.frames.extend(seen.frames.iter().cloned());
            traffic.errors.extend(seen.errors.iter().cloned());
            traffic.left_out += lane.left_out.load(Ordering::Relaxed);
            traffic.errors_total += lane.errors_total.load(Ordering::Relaxed);
        }
        for entries in [&mut traffic.frames, &mut traffic.errors] {
            entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.number));
            entries.truncate(KEPT);
        }
        traffic
    }

    pub fn errors_total(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.errors_total.load(Ordering::Relaxed)).sum()
    }

    fn passed(&self, at: Timestamp, peer: Peer<'_>, direction: TrafficDirection, bytes: usize, action: impl FnOnce() -> &'static str) {
        if !self.is_watched() {
            return;
        }
        let lane = self.lane(peer.kind);
        if !lane.has_room(self.millis() / 1_000) {
            lane.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let entry = self.entry(at, peer, direction, action(), bytes, None);
        push(&mut lane.lock().frames, entry);
    }

    fn entry(
        &self,
        at: Timestamp,
        peer: Peer<'_>,
        direction: TrafficDirection,
        action: &str,
        bytes: usize,
        error: Option<&str>,
    ) -> TrafficEntry {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let (client, action, error) = (peer.name.to_owned(), action.to_owned(), error.map(str::to_owned));
        TrafficEntry { number, at, kind: peer.kind, client, direction, action, bytes: bytes as u64, error }
    }

    fn lane(&self, kind: TrafficKind) -> &Lane {
        let [agents, panels, sensors] = &self.lanes;
        match kind {
            TrafficKind::Agent => agents,
            TrafficKind::Panel => panels,
            TrafficKind::Sensor => sensors,
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Lane {
    fn has_room(&self, second: u64) -> bool {
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.kept_of_it.store(0, Ordering::Relaxed);
        }
        self.kept_of_it.fetch_add(1, Ordering::Relaxed) < A_SECOND
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push(ring: &mut VecDeque<TrafficEntry>, entry: TrafficEntry) {
    if ring.len() >= KEPT {
        ring.pop_front();
    }
    ring.push_back(entry);
}

/// What a frame calls itself; a word of ours alone, whatever a peer invents.
fn word(text: &str) -> &'static str {
    const KNOWN: [&str; 26] = [
        "alert",
        "receipts",
        "receipts_ok",
        "withdraw",
        "message",
        "message_ok",
        "connect",
        "connected",
        "enrol",
        "enrolled",
        "rejected",
        "drain",
        "error",
        "auth",
        "ping",
        "pong",
        "hello",
        "event",
        "presence",
        "receipt",
        "email",
        "stats",
        "security",
        "log",
        "trouble",
        "messages",
    ];
    // News for panels begin with their type; what they carry may hold actions of its own.
    let said = match text.strip_prefix("{\"type\":") {
        Some(rest) => Some(rest),
        None => text.split_once("\"action\":").map(|(_, rest)| rest),
    };
    let quoted = said.map(|rest| rest.trim_start().trim_start_matches('"'));
    let word = quoted.and_then(|rest| rest.split_once('"')).map_or("", |(word, _)| word);
    KNOWN.into_iter().find(|known| *known == word).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    #[test]
    fn nothing_is_kept_while_nobody_looks_and_little_of_much_while_somebody_does() {
        let tap = Tap::default();
        let pass = |times: usize| {
            for _ in 0..times {
                tap.frame(now(), Peer::agent("sol"), TrafficDirection::Out, r#"{"action":"alert","text":"secret"}"#);
            }
        };
        pass(1_000);
        assert_eq!((tap.look(None).frames.len(), tap.look(None).left_out), (0, 0));
        pass(1_000);
        let seen = tap.look(None);
        assert!((40..=80).contains(&seen.frames.len()), "{}", seen.frames.len());
        assert_eq!(seen.frames.len() as u64 + seen.left_out, 1_000);
        assert!(!format!("{seen:?}").contains("secret"));
        for _ in 0..1_000 {
            tap.error(now(), Peer::agent("sol"), TrafficDirection::In, "receipts", "invalid_frame");
        }
        let seen = tap.look(None);
        assert_eq!((seen.errors.len(), seen.errors_total), (KEPT, 1_000));
    }

    #[test]
    fn a_flood_of_one_kind_hides_no_other() {
        let tap = Tap::default();
        tap.look(None);
        tap.frame(now(), Peer::panel("ana"), TrafficDirection::In, r#"{"action":"ping"}"#);
        tap.error(now(), Peer::panel("ana"), TrafficDirection::Out, "end", "slow");
        for _ in 0..1_000 {
            tap.line(now(), Peer::sensor("plc"), 20);
            tap.error(now(), Peer::sensor("plc"), TrafficDirection::In, "event", "rate_limited");
        }
        let of = |kind| tap.look(Some(kind));
        assert_eq!((of(TrafficKind::Panel).frames.len(), of(TrafficKind::Panel).errors.len()), (1, 1));
        assert_eq!((of(TrafficKind::Sensor).errors.len(), of(TrafficKind::Sensor).errors_total), (KEPT, 1_000));
        let all = tap.look(None);
        assert_eq!((all.errors.len(), all.errors_total, tap.errors_total()), (KEPT, 1_001, 1_001));
        assert!(all.errors.is_sorted_by(|one, next| one.number > next.number), "newest first");
    }

    #[test]
    fn a_frame_is_called_by_a_word_of_ours() {
        let table = [
            (r#"{"action":"receipts","items":[]}"#, "receipts"),
            (r#"{"a":1,"action": "drain"}"#, "drain"),
            (r#"{"type":"log","data":{"action":"alert"}}"#, "log"),
            (r#"{"action":"<script>"}"#, "other"),
            (r#"{"type":"<script>"}"#, "other"),
            ("", "other"),
            (r#"{"action":"#, "other"),
        ];
        for (text, expected) in table {
            assert_eq!(word(text), expected, "{text}");
        }
    }
}
