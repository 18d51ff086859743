//! When the next step is due, and whether it is still needed.

use shared::Timestamp;

use crate::alert::State;
use crate::rule::{Reach, Step};

/// How many recipients of an alert are how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Those who can still be reached, or were.
    pub recipients: u64,
    pub delivered: u64,
    pub displayed: u64,
    pub dismissed: u64,
}

impl Progress {
    /// Counts deliveries of one state; of `seen` of them it is known that they were displayed.
    pub fn add(&mut self, state: State, deliveries: u64, seen: u64) {
        if state == State::Undeliverable {
            return;
        }
        self.recipients += deliveries;
        let reached = |least: State| if state.rank() >= least.rank() && state.rank() <= State::Dismissed.rank() { deliveries } else { 0 };
        self.dismissed += reached(State::Dismissed);
        self.displayed += reached(State::Displayed).max(seen);
        self.delivered += reached(State::Delivered).max(seen);
    }

    fn count(&self, reach: Reach) -> u64 {
        match reach {
            Reach::Delivered => self.delivered,
            Reach::Displayed => self.displayed,
            Reach::Dismissed => self.dismissed,
        }
    }

    /// Whether enough have seen it. An alert without recipients was seen by nobody.
    pub fn meets(&self, reach: Reach, share: u8) -> bool {
        self.recipients > 0 && self.count(reach) * 100 >= self.recipients * u64::from(share)
    }

    /// Whether everybody has closed it.
    pub fn is_over(&self) -> bool {
        self.meets(Reach::Dismissed, 100)
    }
}

/// When the step of this number (from 1) is due, if there is one: its time counts from the alert or the step before.
pub fn due(steps: &[Step], number: u32, now: Timestamp) -> Option<Timestamp> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    steps.get(place).map(|step| now.plus_millis(i64::from(step.after_s) * 1_000))
}

/// A clock that was put forward or back by more than this did not tell the time: what is due moves with it.
const JUMP_MS: i64 = 6 * 60 * 60 * 1_000;

/// By how much the clock jumped, given how much it moved and how much time really passed.
pub fn jump(moved_ms: i64, passed_ms: i64) -> Option<i64> {
    let difference = moved_ms.saturating_sub(passed_ms);
    (difference.abs() >= JUMP_MS).then_some(difference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Actions;

    #[test]
    fn enough_have_seen_it_by_this_table() {
        let progress = Progress { recipients: 10, delivered: 9, displayed: 5, dismissed: 1 };
        let table = [
            (Reach::Delivered, 90, true),
            (Reach::Delivered, 91, false),
            (Reach::Displayed, 50, true),
            (Reach::Displayed, 100, false),
            (Reach::Dismissed, 10, true),
            (Reach::Dismissed, 11, false),
        ];
        for (reach, share, expected) in table {
            assert_eq!(progress.meets(reach, share), expected, "{reach:?} {share}");
        }
        assert!(!Progress::default().meets(Reach::Delivered, 1), "nobody saw it");
    }

    #[test]
    fn states_count_for_all_that_they_imply() {
        let mut progress = Progress::default();
        for (state, deliveries, seen) in [
            (State::Queued, 1, 0),
            (State::Delivered, 2, 0),
            (State::Displayed, 4, 4),
            (State::Dismissed, 8, 8),
            (State::Undeliverable, 16, 0),
            (State::Expired, 3, 1),
        ] {
            progress.add(state, deliveries, seen);
        }
        assert_eq!(progress, Progress { recipients: 18, delivered: 15, displayed: 13, dismissed: 8 });
    }

    #[test]
    fn a_step_is_due_after_the_one_before() {
        let step =
            |after_s| Step { after_s, unless: Reach::Displayed, share: 100, remind: true, then: Actions::default(), note: String::new() };
        let steps = [step(60), step(5)];
        let now = Timestamp::from_millis(1_000);
        let due = |number| due(&steps, number, now).map(Timestamp::as_millis);
        assert_eq!([due(0), due(1), due(2), due(3)], [None, Some(61_000), Some(6_000), None]);
    }

    #[test]
    fn a_day_is_a_jump_and_ten_minutes_are_time() {
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!((jump(day, 2_000), jump(-day, 2_000), jump(600_000, 2_000)), (Some(day - 2_000), Some(-day - 2_000), None));
        assert_eq!(jump(day, day), None);
    }
}
