//! Date and time of day where the machine stands; UTC when its zone cannot be found.

use chrono::{DateTime, Local, NaiveDateTime};
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
