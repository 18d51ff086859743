//! The hub's clock: the machine's, as long as that tells the time.
//!
//! A machine's clock that is put forward or back by hours did not tell the time. Until what is due has been moved
//! ([`Clock::follow`]), this one goes on at its own pace: nothing expires and nobody is logged out by a jump.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use hub_core::escalate;
use shared::Timestamp;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Tells the time. Clones tell the same.
#[derive(Debug, Clone)]
pub struct Clock(Arc<State>);

#[derive(Debug)]
struct State {
    /// What the machine's clock was ahead of the time that has passed, when it was last believed.
    ahead_ms: AtomicI64,
    /// A test moves the machine's clock by this, and the time that has passed by that.
    moved_ms: AtomicI64,
    passed_ms: AtomicI64,
    /// By [`Clock::steady`], until when nothing old is deleted.
    unsettled_until: AtomicI64,
    /// By how much it has jumped in all; held while a jump is followed.
    skipped_ms: Mutex<i64>,
    /// Held while a jump is followed and what is due moves with it.
    moving: RwLock<()>,
}

/// So long after a jump nobody knows which of the two times is right.
const UNSETTLED_MS: i64 = 24 * 60 * 60 * 1_000;

impl Default for Clock {
    fn default() -> Self {
        let ahead_ms = AtomicI64::new(machine_ms().saturating_sub(steady_ms()));
        let (moved_ms, passed_ms) = (AtomicI64::default(), AtomicI64::default());
        Self(Arc::new(State {
            ahead_ms,
            moved_ms,
            passed_ms,
            unsettled_until: AtomicI64::new(i64::MIN),
            skipped_ms: Mutex::default(),
            moving: RwLock::default(),
        }))
    }
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        let (machine, expected) = self.both();
        if escalate::jump(machine.saturating_sub(expected), 0).is_some() {
            return Timestamp::from_millis(expected);
        }
        self.0.ahead_ms.store(machine.saturating_sub(self.steady()), Ordering::Relaxed);
        Timestamp::from_millis(machine)
    }

    /// By how much the machine's clock has jumped, until [`Clock::follow`].
    pub fn jumped(&self) -> Option<i64> {
        let (machine, expected) = self.both();
        escalate::jump(machine.saturating_sub(expected), 0)
    }

    /// Nobody else looks at what is due while clock and database follow a jump, one after the other.
    pub async fn move_alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.moving.write().await
    }

    /// While this is held the clock and what is due belong together.
    pub async fn stand_still(&self) -> RwLockReadGuard<'_, ()> {
        self.0.moving.read().await
    }

    /// Follows a jump: what is due has moved with it.
    pub fn follow(&self, by_ms: i64) {
        let mut skipped = self.0.skipped_ms.lock().unwrap_or_else(PoisonError::into_inner);
        *skipped = skipped.saturating_add(by_ms);
        self.0.ahead_ms.fetch_add(by_ms, Ordering::Relaxed);
        self.0.unsettled_until.store(self.steady().saturating_add(UNSETTLED_MS), Ordering::Relaxed);
    }

    /// What it had jumped in all when the hub ended.
    pub fn remember(&self, skipped_ms: i64) {
        *self.0.skipped_ms.lock().unwrap_or_else(PoisonError::into_inner) = skipped_ms;
    }

    /// The time as if it had never jumped: what lies between two of these has passed, whatever the clock did meanwhile.
    pub fn lived(&self) -> Timestamp {
        let skipped = self.0.skipped_ms.lock().unwrap_or_else(PoisonError::into_inner);
        self.now().plus_millis(skipped.saturating_neg())
    }

    /// No jump for a day: what is old by this clock is old.
    pub fn is_settled(&self) -> bool {
        self.steady() >= self.0.unsettled_until.load(Ordering::Relaxed)
    }

    /// Time passes for this clock and its clones; negative goes back.
    pub fn advance(&self, millis: i64) {
        self.0.passed_ms.fetch_add(millis, Ordering::Relaxed);
        self.jump(millis);
    }

    /// Puts the machine's clock forward or back.
    pub fn jump(&self, millis: i64) {
        self.0.moved_ms.fetch_add(millis, Ordering::Relaxed);
    }

    /// What the machine says, and what it should say by the time that has passed.
    fn both(&self) -> (i64, i64) {
        let State { ahead_ms, moved_ms, .. } = &*self.0;
        let machine = machine_ms().saturating_add(moved_ms.load(Ordering::Relaxed));
        (machine, self.steady().saturating_add(ahead_ms.load(Ordering::Relaxed)))
    }

    /// Milliseconds since some moment, however the machine's clock is put.
    pub fn steady(&self) -> i64 {
        steady_ms().saturating_add(self.0.passed_ms.load(Ordering::Relaxed))
    }
}

fn machine_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

/// The time that has passed since some moment, a sleeping machine's sleep included.
#[cfg(target_os = "linux")]
fn steady_ms() -> i64 {
    let passed = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    passed.tv_sec.saturating_mul(1_000).saturating_add(passed.tv_nsec / 1_000_000)
}

#[cfg(not(target_os = "linux"))]
fn steady_ms() -> i64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn small_corrections_are_followed_at_once_and_jumps_when_told() {
        let clock = Clock::default();
        let start = clock.now();
        let hours = |clock: &Clock| (clock.now().millis_since(start) + HOUR / 2).div_euclid(HOUR);
        clock.jump(5 * HOUR);
        assert_eq!((hours(&clock), clock.jumped()), (5, None));
        clock.advance(48 * HOUR);
        assert_eq!((hours(&clock), clock.jumped()), (53, None), "time that has passed is no jump");
        for (by, later) in [(24 * HOUR, 77), (-24 * HOUR, 53)] {
            let before = hours(&clock);
            clock.jump(by);
            assert_eq!(hours(&clock), before, "not before what is due has moved");
            assert!(clock.jumped().is_some_and(|jumped| (jumped - by).abs() < 1_000));
            clock.follow(by);
            assert_eq!((hours(&clock), clock.jumped()), (later, None));
            assert!(!clock.is_settled());
        }
        assert_eq!((clock.lived().millis_since(start) + HOUR / 2).div_euclid(HOUR), 53, "jumps are no time that has passed");
        clock.advance(24 * HOUR);
        assert!(clock.is_settled());
    }
}
