//! How many events a second are taken, of one source and of all: a flood of one must not drown the others.
//!
//! Memory is bounded: a source that has been quiet for as long as its burst lasts is forgotten, and beyond
//! [`SOURCES`] at once all sources of one sender share an allowance.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota};

/// What may come at once after a silence, in seconds of the rate.
const BURST: u32 = 10;
/// Sources that are counted one by one.
const SOURCES: usize = 100_000;

/// Why events are not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    #[error("{what} sends more events than are taken; try again in {} ms", wait.as_millis().max(1))]
    Now { what: &'static str, wait: Duration },
    #[error("so many events of {what} are never taken at once; send fewer at a time")]
    Ever { what: &'static str },
}

/// The allowances of a hub; `None` is no limit.
pub struct Rates {
    source: Option<DefaultKeyedRateLimiter<u64>>,
    total: Option<DefaultDirectRateLimiter>,
    /// Random: nobody can choose sources that share an allowance.
    hasher: RandomState,
}

impl Rates {
    /// Events a second; 0 is no limit.
    pub fn new(per_source: usize, total: usize) -> Self {
        let (source, total) = (quota(per_source).map(DefaultKeyedRateLimiter::keyed), quota(total).map(DefaultDirectRateLimiter::direct));
        Self { source, total, hasher: RandomState::new() }
    }

    /// Takes one event of a source. `who` is what was proved (a token, a user) or where it comes from: sources of
    /// the same name of two of them are two.
    pub fn take(&self, who: &str, source: &str) -> Result<(), Exceeded> {
        self.take_of_source(who, source, NonZeroU32::MIN)?;
        self.take_of_all(NonZeroU32::MIN)
    }

    /// Takes several events, all or none of each source.
    pub fn take_all<'a>(&self, who: &str, sources: impl Iterator<Item = &'a str>) -> Result<(), Exceeded> {
        let mut counts = HashMap::<&str, u32>::new();
        for source in sources {
            *counts.entry(source).or_default() += 1;
        }
        let of_all = NonZeroU32::new(counts.values().sum());
        for (source, count) in counts {
            if let Some(count) = NonZeroU32::new(count) {
                self.take_of_source(who, source, count)?;
            }
        }
        of_all.map_or(Ok(()), |count| self.take_of_all(count))
    }

    /// Forgets sources that have been quiet; called again and again.
    pub fn forget_quiet(&self) {
        if let Some(limiter) = &self.source {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn take_of_source(&self, who: &str, source: &str, count: NonZeroU32) -> Result<(), Exceeded> {
        const WHAT: &str = "this source";
        let Some(limiter) = &self.source else { return Ok(()) };
        let key = if limiter.len() < SOURCES { self.hasher.hash_one((who, source)) } else { self.hasher.hash_one(who) };
        let taken = limiter.check_key_n(&key, count).map_err(|_| Exceeded::Ever { what: WHAT })?;
        taken.map_err(|until| Exceeded::Now { what: WHAT, wait: until.wait_time_from(limiter.clock().now()) })
    }

    fn take_of_all(&self, count: NonZeroU32) -> Result<(), Exceeded> {
        const WHAT: &str = "all sources together";
        let Some(limiter) = &self.total else { return Ok(()) };
        let taken = limiter.check_n(count).map_err(|_| Exceeded::Ever { what: WHAT })?;
        taken.map_err(|until| Exceeded::Now { what: WHAT, wait: until.wait_time_from(limiter.clock().now()) })
    }
}

/// A rate with what may come at once after a silence; `None` is no limit.
pub(super) fn quota(a_second: usize) -> Option<Quota> {
    let rate = NonZeroU32::new(u32::try_from(a_second).unwrap_or(u32::MAX))?;
    Some(Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rates: &Rates, who: &str, source: &str, tries: usize) -> usize {
        (0..tries).filter(|_| rates.take(who, source).is_ok()).count()
    }

    #[test]
    fn a_source_has_its_burst_and_others_have_theirs() {
        let rates = Rates::new(1, 0);
        assert!((10..=11).contains(&taken(&rates, "a", "s", 50)));
        assert!((10..=11).contains(&taken(&rates, "a", "t", 50)));
        assert!((10..=11).contains(&taken(&rates, "b", "s", 50)), "the same source of somebody else");
        assert!(matches!(rates.take("a", "s"), Err(Exceeded::Now { wait, .. }) if wait <= Duration::from_secs(1)));
    }

    #[test]
    fn all_sources_share_the_total() {
        let rates = Rates::new(0, 1);
        assert!((10..=11).contains(&taken(&rates, "a", "s", 20)));
        assert_eq!(rates.take("b", "t").map_err(|err| err.to_string().starts_with("all sources together")), Err(true));
    }

    #[test]
    fn a_batch_is_taken_whole_or_not_at_all() {
        let rates = Rates::new(1, 0);
        assert_eq!(rates.take_all("a", ["s"; 11].into_iter()), Err(Exceeded::Ever { what: "this source" }));
        assert_eq!(rates.take_all("a", ["s"; 8].into_iter()), Ok(()));
        assert!(matches!(rates.take_all("a", ["s"; 5].into_iter()), Err(Exceeded::Now { .. })));
        assert_eq!(rates.take_all("a", ["s"; 2].into_iter()), Ok(()), "the five cost nothing");
        assert_eq!(rates.take_all("a", std::iter::empty()), Ok(()));
    }

    #[test]
    fn zero_is_no_limit() {
        assert_eq!(taken(&Rates::new(0, 0), "a", "s", 10_000), 10_000);
    }

    #[test]
    fn beyond_the_cap_a_sender_has_one_allowance_and_memory_stays() {
        let rates = Rates::new(1, 0);
        let all_taken = |who: &str, sources: usize| (0..sources).filter(|number| rates.take(who, &number.to_string()).is_ok()).count();
        assert_eq!(all_taken("a", SOURCES), SOURCES);
        assert!((10..=11).contains(&all_taken("a", 50)));
        assert!((10..=11).contains(&all_taken("b", 50)), "another sender has its own");
        assert!(rates.source.as_ref().is_some_and(|limiter| limiter.len() == SOURCES + 2));
    }
}
