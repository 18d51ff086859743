//! When the window's process is started, ended and started again. Pure.

use std::time::{Duration, Instant};

/// A process that has drawn no window for this long hangs.
const HUNG: Duration = Duration::from_secs(30);
/// A window that stood and lived this long was a good one: it comes back at once.
const GOOD: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The life of the window's process.
#[derive(Debug, Default)]
pub struct Popup {
    phase: Phase,
    failures: u32,
}

#[derive(Debug, Default, Clone, Copy)]
enum Phase {
    #[default]
    Off,
    Running {
        since: Instant,
        stands: bool,
    },
    Resting {
        until: Instant,
    },
}

/// What is to be done with the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Start,
    /// End it by closing its input.
    Stop,
    /// End it by force: it hangs.
    Kill,
}

impl Popup {
    /// What to do now; `wanted` says whether anything belongs on the screen.
    pub fn step(&mut self, wanted: bool, now: Instant) -> Option<Step> {
        match self.phase {
            Phase::Off if wanted => Some(self.start(now)),
            Phase::Resting { until } if wanted && now >= until => Some(self.start(now)),
            Phase::Resting { .. } if !wanted => {
                self.phase = Phase::Off;
                None
            }
            Phase::Running { .. } if !wanted => {
                *self = Self::default();
                Some(Step::Stop)
            }
            Phase::Running { since, stands: false } if now.duration_since(since) >= HUNG => {
                self.ended(now);
                Some(Step::Kill)
            }
            _ => None,
        }
    }

    /// The window was drawn.
    pub fn stands(&mut self) {
        if let Phase::Running { stands, .. } = &mut self.phase {
            *stands = true;
        }
    }

    /// A person wants to see the alerts now.
    pub fn hurry(&mut self) {
        if matches!(self.phase, Phase::Resting { .. }) {
            self.phase = Phase::Off;
        }
    }

    /// The process ended though it was wanted, or could not be started. Returns the pause before the next start.
    pub fn ended(&mut self, now: Instant) -> Duration {
        if let Phase::Running { since, stands: true } = self.phase
            && now.duration_since(since) >= GOOD
        {
            self.failures = 0;
        }
        let pause = pause(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.phase = Phase::Resting { until: now + pause };
        pause
    }

    fn start(&mut self, now: Instant) -> Step {
        self.phase = Phase::Running { since: now, stands: false };
        Step::Start
    }
}

/// 0, 1, 2, 4 … 30 seconds.
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => Duration::from_secs(1 << doublings.min(5)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_dies_comes_back_at_once_and_then_ever_later() {
        let mut now = Instant::now();
        let mut popup = Popup::default();
        assert_eq!(popup.step(false, now), None);
        assert_eq!(popup.step(true, now), Some(Step::Start));
        let pauses: Vec<u64> = (0..8)
            .map(|_| {
                let pause = popup.ended(now);
                if !pause.is_zero() {
                    assert_eq!(popup.step(true, now), None);
                }
                now += pause;
                assert_eq!(popup.step(true, now), Some(Step::Start));
                pause.as_secs()
            })
            .collect();
        assert_eq!(pauses, [0, 1, 2, 4, 8, 16, 30, 30]);
        popup.stands();
        assert_eq!(popup.ended(now + GOOD), Duration::ZERO, "a good one comes back at once");
    }

    #[test]
    fn a_window_with_nothing_to_show_is_ended_and_a_hung_one_killed() {
        let now = Instant::now();
        let mut popup = Popup::default();
        popup.step(true, now);
        assert_eq!(popup.step(true, now + HUNG), Some(Step::Kill));
        assert_eq!(popup.step(true, now + HUNG), Some(Step::Start));
        popup.stands();
        assert_eq!(popup.step(true, now + HUNG * 9), None);
        assert_eq!(popup.step(false, now + HUNG * 9), Some(Step::Stop));
        assert_eq!(popup.step(true, now + HUNG * 9), Some(Step::Start), "the next alert comes");
    }

    #[test]
    fn a_person_s_wish_ends_the_pause() {
        let now = Instant::now();
        let mut popup = Popup::default();
        popup.step(true, now);
        popup.ended(now);
        popup.step(true, now);
        popup.ended(now);
        assert_eq!(popup.step(true, now), None);
        popup.hurry();
        assert_eq!(popup.step(true, now), Some(Step::Start));
    }
}
