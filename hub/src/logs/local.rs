//! Date and time of day where the machine stands; UTC when its zone cannot be found.

use chrono::{DateTime, Days, Local, NaiveDate, NaiveDateTime, TimeZone as _};
use shared::Timestamp;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// What a clock on the wall showed at that moment.
pub fn wall_clock(at: Timestamp) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_millis(at.as_millis()).unwrap_or_default();
    utc.with_timezone(&Local).naive_local()
}

/// The time in front of each line of the server's log.
pub struct Clock;

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", Local::now().format("%Y-%m-%d %H:%M:%S%.3f"))
    }
}

/// Midnight before this day, written as `2026-11-21`.
pub fn day_start(day: &str) -> Option<Timestamp> {
    midnight(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?)
}

/// Midnight after it.
pub fn day_end(day: &str) -> Option<Timestamp> {
    midnight(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.checked_add_days(Days::new(1))?)
}

/// Where summer time skips midnight, the first moment after it.
fn midnight(day: NaiveDate) -> Option<Timestamp> {
    let hours = (0..4).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    let moment = hours.filter_map(|wall| Local.from_local_datetime(&wall).earliest()).next()?;
    Some(Timestamp::from_millis(moment.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn a_day_goes_from_midnight_to_midnight() {
        let (start, end) = (day_start("2026-11-21").unwrap(), day_end("2026-11-21").unwrap());
        assert_eq!(wall_clock(start).to_string(), "2026-11-21 00:00:00");
        assert_eq!(end.millis_since(start), 24 * 60 * 60 * 1_000);
        for wrong in ["2026-02-30", "today", "", "21.11.2026"] {
            assert_eq!((day_start(wrong), day_end(wrong)), (None, None));
        }
    }
}
