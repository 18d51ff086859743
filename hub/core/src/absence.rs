//! When an important client has been gone for too long, and when it is back.

use shared::Timestamp;

/// Agents come back within 150 s of a restart, give or take: until then nobody is missed.
const RETURN_MS: i64 = 5 * 60 * 1_000;

/// The shortest and longest limit that can be set, in seconds.
pub const LIMITS_S: std::ops::RangeInclusive<u32> = 60..=30 * 24 * 60 * 60;

/// How a client left for the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// Nothing is known of it.
    Never,
    /// It left, was found silent, or was enrolled and has not come yet, at this time.
    Left(Timestamp),
    /// The hub ended, not the client.
    HubEnded,
    /// It is leaving at this moment: when is not on disk yet.
    Leaving,
}

impl Departure {
    /// For how many milliseconds it counts as gone. While a hub does not run, nobody can be there.
    pub fn gone_ms(self, now: Timestamp, hub_runs_ms: i64) -> Option<i64> {
        match self {
            Self::Never => None,
            Self::Left(at) => Some(now.millis_since(at).max(0)),
            Self::HubEnded => Some(hub_runs_ms),
            Self::Leaving => Some(0),
        }
    }
}

/// What technicians are to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It is gone for so many milliseconds.
    Gone(i64),
    Back,
}

/// A client that somebody watches, at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    /// `None`: it is important no longer.
    pub limit_s: Option<u32>,
    pub online: bool,
    /// `None`: it is there, or nothing is known of it.
    pub gone_ms: Option<i64>,
    /// Technicians have been told that it is gone.
    pub told: bool,
}

impl Watched {
    pub fn news(self, hub_runs_ms: i64) -> Option<News> {
        let Some(limit_s) = self.limit_s else { return self.told.then_some(News::Back) };
        if self.online {
            return self.told.then_some(News::Back);
        }
        let gone_ms = self.gone_ms?;
        let is_late = gone_ms >= i64::from(limit_s) * 1_000 && hub_runs_ms >= RETURN_MS;
        (is_late && !self.told).then_some(News::Gone(gone_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_client_counts_as_gone_since_it_left_and_not_since_the_hub_did() {
        let at = |minutes: i64| Timestamp::from_millis(minutes * MINUTE);
        let table = [
            (Departure::Never, None),
            (Departure::Left(at(3)), Some(117)),
            // The clock was put back since.
            (Departure::Left(at(500)), Some(0)),
            (Departure::HubEnded, Some(20)),
            (Departure::Leaving, Some(0)),
        ];
        for (departure, expected) in table {
            assert_eq!(departure.gone_ms(at(120), 20 * MINUTE), expected.map(|minutes| minutes * MINUTE), "{departure:?}");
        }
    }

    #[test]
    fn technicians_are_told_once_that_it_is_gone_and_once_that_it_is_back() {
        let gone = Watched { limit_s: Some(600), online: false, gone_ms: Some(10 * MINUTE), told: false };
        let there = Watched { online: true, gone_ms: None, ..gone };
        let table = [
            (Watched { gone_ms: Some(9 * MINUTE), ..gone }, None),
            (gone, Some(News::Gone(10 * MINUTE))),
            (Watched { told: true, ..gone }, None),
            (Watched { told: true, ..there }, Some(News::Back)),
            (there, None),
            // Nobody watches it any more.
            (Watched { told: true, limit_s: None, ..gone }, Some(News::Back)),
            (Watched { limit_s: None, ..gone }, None),
            // Nothing is known of it.
            (Watched { gone_ms: None, ..gone }, None),
        ];
        for (watched, expected) in table {
            assert_eq!(watched.news(60 * MINUTE), expected, "{watched:?}");
        }
    }

    #[test]
    fn after_a_start_of_the_hub_everybody_has_time_to_return() {
        let gone = Watched { limit_s: Some(60), online: false, gone_ms: Some(600 * MINUTE), told: false };
        assert_eq!(gone.news(5 * MINUTE - 1), None);
        assert_eq!(gone.news(5 * MINUTE), Some(News::Gone(600 * MINUTE)));
    }
}
