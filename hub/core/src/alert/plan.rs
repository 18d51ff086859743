//! When an alert that is sent later is due, once or again and again. Local time of day survives a change of the clocks.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use shared::Timestamp;

use crate::problem::FieldProblem;

const MINUTE_MS: i64 = 60 * 1_000;
const YEAR_MS: i64 = 366 * 24 * 60 * MINUTE_MS;
/// What somebody planned for "now" may take its time on the way.
const LATE_MS: i64 = 5 * MINUTE_MS;
const ZONE_CHARS: usize = 60;

/// How often an alert comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Day,
    /// Monday to Friday.
    Weekday,
    /// The same day of the week.
    Week,
}

impl Every {
    pub const ALL: [Self; 3] = [Self::Day, Self::Weekday, Self::Week];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Weekday => "weekday",
            Self::Week => "week",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.as_str() == word)
    }
}

/// An alert comes again, at the same local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    pub every: Every,
    /// Not after this moment.
    pub until: Option<Timestamp>,
    /// A name of the IANA database, or an offset like `+02:00`.
    pub time_zone: String,
}

/// What somebody asked for.
#[derive(Debug, Clone, Default)]
pub struct PlanInput {
    /// RFC 3339.
    pub send_at: Option<String>,
    pub every: Option<Every>,
    pub until: Option<String>,
    pub time_zone: Option<String>,
}

/// When an alert is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The first time; its local time of day counts for all that follow.
    pub starts_at: Timestamp,
    pub repeat: Option<Repeat>,
}

impl Plan {
    /// Checks what somebody asked for. `None`: it is to be sent now.
    pub fn check(input: PlanInput, now: Timestamp) -> Result<Option<Self>, Vec<FieldProblem>> {
        let Some(said) = input.send_at else {
            return match input.every {
                Some(_) => Err(vec![FieldProblem::new("send_at", "is missing: say when a repeated alert is sent first")]),
                None => Ok(None),
            };
        };
        let mut problems = Vec::new();
        let send_at = moment("send_at", &said, &mut problems);
        if let Some(at) = send_at {
            let ahead = at.millis_since(now);
            if ahead < -LATE_MS {
                problems.push(FieldProblem::new("send_at", "lies in the past"));
            } else if ahead > YEAR_MS {
                problems.push(FieldProblem::new("send_at", "is more than a year ahead"));
            }
        }
        let until = input.until.and_then(|until| moment("repeat.until", &until, &mut problems));
        let zone = input.time_zone.or_else(|| offset_of(&said)).unwrap_or_else(|| "UTC".into());
        if input.every.is_some() && time_zone(&zone).is_none() {
            problems.push(FieldProblem::new("repeat.time_zone", "is neither a name like Europe/Madrid nor an offset like +02:00"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let Some(at) = send_at else { return Ok(None) };
        let repeat = input.every.map(|every| Repeat { every, until, time_zone: zone });
        Self { starts_at: at, repeat }.settled().map(Some)
    }

    /// The first time is one of the repeated ones, and not after the last.
    fn settled(self) -> Result<Self, Vec<FieldProblem>> {
        if self.repeat.is_none() {
            return Ok(self);
        }
        match self.after(self.starts_at.plus_millis(-1)) {
            Some(starts_at) => Ok(Self { starts_at, ..self }),
            None => Err(vec![FieldProblem::new("repeat.until", "lies before the first time")]),
        }
    }

    /// The first time after `now`. However many were missed since the last one, they are not made up for.
    pub fn after(&self, now: Timestamp) -> Option<Timestamp> {
        let Some(repeat) = &self.repeat else { return (self.starts_at > now).then_some(self.starts_at) };
        let zone = time_zone(&repeat.time_zone)?;
        let first = zoned(self.starts_at, &zone)?;
        // The day before: its time may come later today, in whatever zone.
        let mut day = zoned(now, &zone)?.date().max(first.date()).yesterday().ok()?;
        for _ in 0..10 {
            let at = on_day(day, &first, &zone)?;
            if at > now && at >= self.starts_at && repeat.every.fits(day, first.date()) {
                return repeat.until.is_none_or(|until| at <= until).then_some(at);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}

impl Every {
    fn fits(self, day: Date, first: Date) -> bool {
        match self {
            Self::Day => true,
            Self::Weekday => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
            Self::Week => day.weekday() == first.weekday(),
        }
    }
}

/// That time of day on that day; where the clocks leave it out, as much later as they are put forward.
fn on_day(day: Date, first: &Zoned, zone: &TimeZone) -> Option<Timestamp> {
    let at = DateTime::from_parts(day, first.time()).to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}

fn zoned(at: Timestamp, zone: &TimeZone) -> Option<Zoned> {
    jiff::Timestamp::from_millisecond(at.as_millis()).ok().map(|at| at.to_zoned(zone.clone()))
}

fn time_zone(name: &str) -> Option<TimeZone> {
    if name.len() > ZONE_CHARS {
        return None;
    }
    if !name.starts_with(['+', '-']) {
        return TimeZone::get(name).ok();
    }
    let at = format!("2000-01-01T00:00:00{name}");
    let pieces = jiff::fmt::temporal::Pieces::parse(at.as_str()).ok()?;
    pieces.to_numeric_offset().map(TimeZone::fixed)
}

/// The offset that a moment is written with.
fn offset_of(said: &str) -> Option<String> {
    let pieces = jiff::fmt::temporal::Pieces::parse(said).ok()?;
    pieces.to_numeric_offset().map(|offset| if offset.is_zero() { "UTC".to_owned() } else { offset.to_string() })
}

fn moment(field: &str, said: &str, problems: &mut Vec<FieldProblem>) -> Option<Timestamp> {
    let parsed = Timestamp::parse(said.trim());
    if let Err(reason) = &parsed {
        problems.push(FieldProblem::new(field, format!("is {reason}")));
    }
    parsed.ok()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
