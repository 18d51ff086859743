//! What passes over the WebSockets of agents, for whoever looks: a sample, bounded, without a word of any text.
//!
//! Costs nothing while nobody looks, but for errors: the last of them are always there.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;
use shared::Timestamp;

/// Frames and errors that are kept, each.
const KEPT: usize = 200;
/// Frames that are kept of one second; the others are counted.
const A_SECOND: u64 = 40;
/// Whoever looked is thought to look for so long.
const LOOKING_MS: u64 = 15_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrafficDirection {
    In,
    Out,
}

/// A frame that passed, or what went wrong with one.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TrafficEntry {
    /// Rises by one with each entry.
    pub number: u64,
    pub at: Timestamp,
    pub client: String,
    pub direction: TrafficDirection,
    /// The `action` of the frame.
    pub action: String,
    pub bytes: u64,
    /// What was wrong: a code of an `error` frame, a reason of `rejected`, or why the session ended.
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
    /// The second, and how many frames of it were kept.
    second: AtomicU64,
    kept_of_it: AtomicU64,
    left_out: AtomicU64,
    errors_total: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    number: u64,
    frames: VecDeque<TrafficEntry>,
    errors: VecDeque<TrafficEntry>,
}

impl Default for Tap {
    fn default() -> Self {
        let zero = AtomicU64::default;
        let (looked_until, second, kept_of_it) = (zero(), zero(), zero());
        Self { start: Instant::now(), looked_until, second, kept_of_it, left_out: zero(), errors_total: zero(), seen: Mutex::default() }
    }
}

impl Tap {
    /// Whether anybody looks: only then is it worth naming a frame.
    pub fn is_watched(&self) -> bool {
        self.millis() < self.looked_until.load(Ordering::Relaxed)
    }

    /// A frame passed; `text` is only asked for its action.
    pub fn frame(&self, at: Timestamp, client: &str, direction: TrafficDirection, text: &str) {
        if !self.is_watched() {
            return;
        }
        if !self.has_room() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut seen = self.lock();
        let entry = seen.entry(at, client, direction, action(text), text.len(), None);
        push(&mut seen.frames, entry);
    }

    /// Something went wrong; `error` is a word of ours.
    pub fn error(&self, at: Timestamp, client: &str, direction: TrafficDirection, action: &str, error: &str) {
        self.errors_total.fetch_add(1, Ordering::Relaxed);
        let mut seen = self.lock();
        let entry = seen.entry(at, client, direction, action, 0, Some(error));
        push(&mut seen.errors, entry);
    }

    /// What was seen, and from now on somebody looks.
    pub fn look(&self) -> Traffic {
        self.looked_until.store(self.millis() + LOOKING_MS, Ordering::Relaxed);
        let seen = self.lock();
        Traffic {
            frames: seen.frames.iter().rev().cloned().collect(),
            errors: seen.errors.iter().rev().cloned().collect(),
            left_out: self.left_out.load(Ordering::Relaxed),
            errors_total: self.errors_total(),
        }
    }

    pub fn errors_total(&self) -> u64 {
        self.errors_total.load(Ordering::Relaxed)
    }

    fn has_room(&self) -> bool {
        let second = self.millis() / 1_000;
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.kept_of_it.store(0, Ordering::Relaxed);
        }
        self.kept_of_it.fetch_add(1, Ordering::Relaxed) < A_SECOND
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn entry(
        &mut self,
        at: Timestamp,
        client: &str,
        direction: TrafficDirection,
        action: &str,
        bytes: usize,
        error: Option<&str>,
    ) -> TrafficEntry {
        self.number += 1;
        let (client, action, error) = (client.to_owned(), action.to_owned(), error.map(str::to_owned));
        TrafficEntry { number: self.number, at, client, direction, action, bytes: bytes as u64, error }
    }
}

fn push(ring: &mut VecDeque<TrafficEntry>, entry: TrafficEntry) {
    if ring.len() >= KEPT {
        ring.pop_front();
    }
    ring.push_back(entry);
}

/// The action that a frame names; one of ours alone, whatever a peer invents.
fn action(text: &str) -> &'static str {
    const KNOWN: [&str; 13] = [
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
    ];
    let said = text.split_once("\"action\":").map(|(_, rest)| rest.trim_start().trim_start_matches('"'));
    let word = said.and_then(|rest| rest.split_once('"')).map_or("", |(word, _)| word);
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
                tap.frame(now(), "sol", TrafficDirection::Out, r#"{"action":"alert","text":"secret"}"#);
            }
        };
        pass(1_000);
        assert_eq!((tap.look().frames.len(), tap.look().left_out), (0, 0));
        pass(1_000);
        let seen = tap.look();
        assert!((40..=80).contains(&seen.frames.len()), "{}", seen.frames.len());
        assert_eq!(seen.frames.len() as u64 + seen.left_out, 1_000);
        assert!(!format!("{seen:?}").contains("secret"));
        for _ in 0..1_000 {
            tap.error(now(), "sol", TrafficDirection::In, "receipts", "invalid_frame");
        }
        let seen = tap.look();
        assert_eq!((seen.errors.len(), seen.errors_total), (KEPT, 1_000));
    }

    #[test]
    fn an_action_is_one_of_ours() {
        let table = [
            (r#"{"action":"receipts","items":[]}"#, "receipts"),
            (r#"{"a":1,"action": "drain"}"#, "drain"),
            (r#"{"action":"<script>"}"#, "other"),
            ("", "other"),
            (r#"{"action":"#, "other"),
        ];
        for (text, expected) in table {
            assert_eq!(action(text), expected, "{text}");
        }
    }
}
