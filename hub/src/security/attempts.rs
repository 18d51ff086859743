//! Slows down whoever guesses: each wrong try makes the next one wait longer. It never shuts anybody out.
//!
//! Tries are counted for an account *and* the network they come from, so that a stranger delays himself and not the
//! account's owner. Memory is bounded: the longest quiet are forgotten first.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared::Timestamp;

use super::addresses::network;

/// Accounts and networks that are remembered at most.
const REMEMBERED: usize = 10_000;
/// After so long without a try everything is forgotten.
const FORGET_MS: i64 = 60 * 60 * 1_000;
/// Longer names are no names.
const KEY_CHARS: usize = 64;

/// How tries of one kind are slowed down.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Wrong tries that delay nothing.
    free: u32,
    /// What the first delayed try waits; each further one twice as long, up to `longest_ms`.
    first_ms: i64,
    longest_ms: i64,
    /// Beyond this the try is refused instead of held.
    held_ms: i64,
}

/// Passwords of an account from one network: held for seconds, in turn.
pub const PASSWORDS: Pace = Pace { free: 4, first_ms: 500, longest_ms: 5_000, held_ms: 20_000 };
/// Codes of a second factor. Only who knows the password gets there, so these may wait long.
pub const CODES: Pace = Pace { free: 5, first_ms: 10_000, longest_ms: 15 * 60_000, held_ms: 0 };

/// Whose tries are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// An account as it was typed, whether or not there is one, and where the try comes from.
    Account(String, IpAddr),
    /// The second factor of a user.
    Factor(i64),
    /// The password of a user who is logged in already.
    Own(i64),
}

impl Who {
    pub fn account(name: &str, address: IpAddr) -> Self {
        Self::Account(name.chars().take(KEY_CHARS).collect(), network(address))
    }
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    next_at: Timestamp,
    last_at: Timestamp,
}

/// Tries of late that did not succeed.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<Who, Tries>>);

/// The try comes too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooEarly(pub Duration);

impl Attempts {
    /// Counts a try, and says how long it has to be held before it is looked at. It counts as wrong until [`Self::clear`],
    /// so that many at once gain nothing.
    pub fn begin(&self, who: Who, pace: &Pace, now: Timestamp) -> Result<Duration, TooEarly> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&who).copied().filter(|tries| now.millis_since(tries.last_at) < FORGET_MS);
        let tries = known.unwrap_or(Tries { count: 0, next_at: now, last_at: now });
        let wait_ms = tries.next_at.millis_since(now).max(0);
        if wait_ms > pace.held_ms {
            return Err(TooEarly(milliseconds(wait_ms)));
        }
        let count = tries.count.saturating_add(1);
        let next_at = now.plus_millis(wait_ms + pace.delay_after(count));
        if known.is_none() {
            make_room(&mut all, now);
        }
        all.insert(who, Tries { count, next_at, last_at: now });
        Ok(milliseconds(wait_ms))
    }

    /// The try was right: all before it are forgotten.
    pub fn clear(&self, who: &Who) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}

impl Pace {
    /// What the next try waits after so many wrong ones.
    fn delay_after(&self, count: u32) -> i64 {
        match count.checked_sub(self.free) {
            None => 0,
            Some(doublings) => self.first_ms.saturating_mul(1 << doublings.min(30)).min(self.longest_ms),
        }
    }
}

fn make_room(all: &mut HashMap<Who, Tries>, now: Timestamp) {
    if all.len() < REMEMBERED {
        return;
    }
    all.retain(|_, tries| now.millis_since(tries.last_at) < FORGET_MS);
    if all.len() >= REMEMBERED
        && let Some(quietest) = all.iter().min_by_key(|(_, tries)| tries.last_at).map(|(who, _)| who.clone())
    {
        all.remove(&quietest);
    }
}

fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + ms)
    }

    fn ana(last: u8) -> Who {
        Who::account("ana", IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn waits_grow_up_to_a_limit_and_a_stranger_delays_himself_alone() {
        let attempts = Attempts::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..10 {
            let wait = attempts.begin(ana(1), &PASSWORDS, at(now)).unwrap_or(Duration::MAX).as_millis();
            waits.push(wait);
            now += i64::try_from(wait).unwrap_or_default();
        }
        assert_eq!(waits, [0, 0, 0, 0, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
        assert_eq!(attempts.begin(ana(2), &PASSWORDS, at(now)), Ok(Duration::ZERO), "the owner, elsewhere");
        attempts.clear(&ana(1));
        assert_eq!(attempts.begin(ana(1), &PASSWORDS, at(now)), Ok(Duration::ZERO), "a right password ends it");
    }

    #[test]
    fn many_at_once_wait_in_turn_and_beyond_that_are_refused() {
        let attempts = Attempts::default();
        let waits: Vec<_> = (0..13).map(|_| attempts.begin(ana(1), &PASSWORDS, at(0))).collect();
        assert_eq!(waits.get(8), Some(&Ok(Duration::from_millis(12_500))), "{waits:?}");
        assert_eq!(waits.get(10), Some(&Err(TooEarly(Duration::from_millis(22_500)))), "{waits:?}");
        assert!(attempts.begin(ana(1), &PASSWORDS, at(10_000)).is_ok(), "a refused try does not prolong it");
    }

    #[test]
    fn codes_are_refused_for_minutes_and_forgiven_after_an_hour() {
        let attempts = Attempts::default();
        let try_at = |user, ms| attempts.begin(Who::Factor(user), &CODES, at(ms));
        for _ in 0..5 {
            assert_eq!(try_at(1, 0), Ok(Duration::ZERO));
        }
        assert_eq!(try_at(1, 1), Err(TooEarly(Duration::from_millis(9_999))));
        assert_eq!(try_at(1, 10_000), Ok(Duration::ZERO));
        assert_eq!(try_at(1, 10_001), Err(TooEarly(Duration::from_millis(19_999))));
        assert_eq!(try_at(2, 10_001), Ok(Duration::ZERO));
        for quiet in 0..6 {
            assert_eq!(try_at(1, FORGET_MS + 10_000 + quiet).is_ok(), quiet < 5);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        for number in 0..10_050 {
            assert!(attempts.begin(Who::Factor(number), &CODES, at(number)).is_ok());
        }
        let all = attempts.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((all.len(), all.contains_key(&Who::Factor(0))), (REMEMBERED, false));
    }
}
