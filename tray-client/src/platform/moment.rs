//! A moment on the two clocks that a PC has: the wall clock, which people set, and the time since start-up.

use serde::{Deserialize, Serialize};
use shared::Timestamp;

/// A moment, so written that the time between two of them is right across restarts of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub wall: Timestamp,
    /// Which start of the PC `uptime_ms` counts from; empty if unknown.
    pub boot: String,
    /// Milliseconds since that start, sleep included.
    pub uptime_ms: u64,
}

impl Moment {
    /// Milliseconds from `earlier` to here, never negative.
    ///
    /// Within one start of the PC the wall clock does not matter; across a restart there is nothing better.
    pub fn millis_since(&self, earlier: &Self) -> u64 {
        if !self.boot.is_empty() && self.boot == earlier.boot {
            return self.uptime_ms.saturating_sub(earlier.uptime_ms);
        }
        u64::try_from(self.wall.millis_since(earlier.wall)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: i64, boot: &str, uptime_ms: u64) -> Moment {
        Moment { wall: Timestamp::from_millis(wall), boot: boot.into(), uptime_ms }
    }

    #[test]
    fn a_changed_wall_clock_does_not_matter_within_one_start() {
        assert_eq!(moment(0, "a", 700).millis_since(&moment(1_000_000, "a", 200)), 500);
        assert_eq!(moment(9_000, "b", 10).millis_since(&moment(1_000, "a", 200)), 8_000);
        assert_eq!(moment(0, "b", 10).millis_since(&moment(1_000, "a", 200)), 0);
        assert_eq!(moment(3_000, "", 10).millis_since(&moment(1_000, "", 5)), 2_000);
    }
}
