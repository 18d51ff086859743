//! How long to wait before the next attempt: at once, then growing with full jitter, never over 150 s.

use std::time::Duration;

/// The longest wait.
pub const CAP: Duration = Duration::from_secs(150);
/// The wait after a refusal that only a person can lift lies between this and [`CAP`].
const LONG: Duration = Duration::from_secs(75);

/// Counts the attempts that failed in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

/// What the wait goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// The link broke or did not come up.
    Growing,
    /// The hub said when to come back.
    After(Duration),
    /// The hub refused for a reason that does not pass by itself.
    Long,
}

impl Backoff {
    /// The link worked for a while: the next attempt comes at once again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The wait before the next attempt; `random` is uniform over all values.
    pub fn next(&mut self, pace: Pace, random: u32) -> Duration {
        let share = f64::from(random) / f64::from(u32::MAX);
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        match pace {
            Pace::Growing if failures == 0 => Duration::ZERO,
            Pace::Growing => ceiling(failures).mul_f64(share),
            Pace::After(wait) => wait.saturating_add(wait.div_f64(2.0).min(CAP).mul_f64(share)).min(CAP),
            Pace::Long => LONG + (CAP - LONG).mul_f64(share),
        }
    }
}

/// 2, 4, 8 … 150 seconds.
fn ceiling(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.min(8)).min(CAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_retry_is_at_once_and_none_is_over_the_cap() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..12).map(|_| backoff.next(Pace::Growing, u32::MAX).as_secs()).collect();
        assert_eq!(waits, [0, 2, 4, 8, 16, 32, 64, 128, 150, 150, 150, 150]);
        assert_eq!(backoff.next(Pace::Growing, 0), Duration::ZERO);
        backoff.reset();
        assert_eq!(backoff.next(Pace::Growing, u32::MAX), Duration::ZERO);
    }

    #[test]
    fn the_hub_s_word_and_refusals_are_obeyed_within_the_cap() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next(Pace::After(Duration::from_secs(10)), 0), Duration::from_secs(10));
        assert_eq!(backoff.next(Pace::After(Duration::from_secs(10)), u32::MAX), Duration::from_secs(15));
        assert_eq!(backoff.next(Pace::After(Duration::MAX), u32::MAX), CAP);
        assert_eq!(backoff.next(Pace::Long, 0), LONG);
        assert_eq!(backoff.next(Pace::Long, u32::MAX), CAP);
    }
}
