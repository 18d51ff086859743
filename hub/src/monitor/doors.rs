//! Whether what listens still accepts. A door whose loop has ended, or that has failed for a while, keeps people out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A single failure may be the peer's; one that lasts is the hub's.
const PATIENCE: Duration = Duration::from_secs(3);

/// A door that fails again and again says so once in so long.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The doors of a hub, by their settings' names.
#[derive(Debug, Clone, Default)]
pub struct Doors(Arc<Mutex<BTreeMap<&'static str, State>>>);

#[derive(Debug)]
enum State {
    Open,
    Failing { since: Instant, reason: String },
    Ended,
}

/// Held by the loop that accepts; when it is dropped, nobody does any more.
#[derive(Debug)]
pub struct Door {
    doors: Doors,
    name: &'static str,
    failures: Mutex<Failures>,
}

/// Failures that the log has not heard of.
#[derive(Debug, Default)]
struct Failures {
    said_at: Option<Instant>,
    unsaid: u64,
}

impl Failures {
    /// How many there were since the log heard of some, if it is time to say so.
    fn count(&mut self, now: Instant) -> Option<u64> {
        self.unsaid += 1;
        if self.said_at.is_some_and(|said_at| now.duration_since(said_at) < SAY_EVERY) {
            return None;
        }
        self.said_at = Some(now);
        Some(std::mem::take(&mut self.unsaid))
    }
}

/// A door that is shut, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shut {
    pub name: &'static str,
    pub reason: String,
    /// Its loop has ended: only a restart opens it again.
    pub for_good: bool,
}

impl Doors {
    pub fn open(&self, name: &'static str) -> Door {
        self.lock().insert(name, State::Open);
        Door { doors: self.clone(), name, failures: Mutex::default() }
    }

    /// Those that have not accepted anybody for a while though somebody knocked.
    pub fn shut(&self) -> Vec<Shut> {
        let found = self.lock();
        let shut = found.iter().filter_map(|(name, state)| match state {
            State::Failing { since, reason } if since.elapsed() >= PATIENCE => Some(Shut { name, reason: reason.clone(), for_good: false }),
            State::Ended => Some(Shut { name, reason: "its task has ended".into(), for_good: true }),
            State::Open | State::Failing { .. } => None,
        });
        shut.collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Door {
    /// Somebody came in.
    pub fn accepted(&self) {
        if let Some(state @ State::Failing { .. }) = self.doors.lock().get_mut(self.name) {
            *state = State::Open;
        }
    }

    /// Somebody could not come in. The log hears it at once, then once a minute with how many there were.
    pub fn failed(&self, reason: &std::io::Error) {
        let due = self.failures.lock().unwrap_or_else(PoisonError::into_inner).count(Instant::now());
        if let Some(times) = due {
            tracing::warn!(listener = self.name, err = %reason, times, "could not accept a connection");
        }
        if let Some(state @ State::Open) = self.doors.lock().get_mut(self.name) {
            *state = State::Failing { since: Instant::now(), reason: reason.to_string() };
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.doors.lock().insert(self.name, State::Ended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_said_at_once_and_then_once_a_minute_with_their_number() {
        let (mut failures, start) = (Failures::default(), Instant::now());
        let said = |tenths: u32| failures.count(start + Duration::from_millis(100) * tenths);
        let all: Vec<u64> = (0..=1_200).filter_map(said).collect();
        assert_eq!(all, [1, 600, 600]);
    }

    #[test]
    fn a_door_is_shut_when_it_fails_for_a_while_or_its_loop_ends() {
        let doors = Doors::default();
        let (steady, failing) = (doors.open("a"), doors.open("b"));
        steady.failed(&std::io::Error::other("once"));
        steady.accepted();
        failing.failed(&std::io::Error::other("too many open files"));
        assert_eq!(doors.shut(), [], "not yet");
        doors.lock().insert("b", State::Failing { since: Instant::now().checked_sub(PATIENCE).expect("a moment"), reason: "no".into() });
        assert_eq!(doors.shut(), [Shut { name: "b", reason: "no".into(), for_good: false }]);
        failing.accepted();
        drop(steady);
        assert_eq!(doors.shut(), [Shut { name: "a", reason: "its task has ended".into(), for_good: true }]);
    }
}
