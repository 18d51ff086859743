//! Hours of the week and turns, in the time zone that somebody wrote them in.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use shared::Timestamp;

use super::model::{OnCall, Turn, Weekday, Weekly};

/// Who is on call, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty<'a> {
    pub turn: &'a Turn,
    pub until: Timestamp,
}

impl Weekday {
    fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Mon,
            jiff::civil::Weekday::Tuesday => Self::Tue,
            jiff::civil::Weekday::Wednesday => Self::Wed,
            jiff::civil::Weekday::Thursday => Self::Thu,
            jiff::civil::Weekday::Friday => Self::Fri,
            jiff::civil::Weekday::Saturday => Self::Sat,
            jiff::civil::Weekday::Sunday => Self::Sun,
        }
    }
}

impl Weekly {
    /// Whether this moment lies within the hours. An end that is not later than the beginning is on the next day.
    pub fn contains(&self, now: Timestamp) -> bool {
        let (Some(from), Some(to), Some(zone)) = (time(&self.from), time(&self.to), zone(&self.time_zone)) else { return false };
        let Some(local) = local(now, zone) else { return false };
        let begins_on = |date: Option<Date>| date.is_some_and(|date| self.days.contains(&Weekday::of(date)));
        let (today, clock) = (local.date(), local.time());
        if from < to {
            return begins_on(Some(today)) && (from..to).contains(&clock);
        }
        begins_on(Some(today)) && clock >= from || begins_on(today.yesterday().ok()) && clock < to
    }
}

/// Who is on call now: the turns change every week, on the day of the week and at the time of the first.
pub fn on_duty(rotation: &OnCall, now: Timestamp) -> Option<Duty<'_>> {
    let zone = zone(&rotation.time_zone)?;
    let first = date(&rotation.starts_on)?.to_datetime(time(&rotation.hand_over)?);
    let local = local(now, zone.clone())?.datetime();
    let days = i64::from((local.date() - first.date()).get_days());
    // On the day itself the turn before lasts until the hour.
    let days = if local.time() < first.time() { days - 1 } else { days };
    let week = days.div_euclid(7);
    let length = i64::try_from(rotation.turns.len()).ok().filter(|length| *length > 0)?;
    let turn = rotation.turns.get(usize::try_from(week.rem_euclid(length)).ok()?)?;
    let end = first.checked_add(Span::new().try_days((week + 1) * 7).ok()?).ok()?.to_zoned(zone).ok()?;
    Some(Duty { turn, until: Timestamp::from_millis(end.timestamp().as_millisecond()) })
}

pub(super) fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i8>().ok())?;
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

pub(super) fn date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| is_plain)
}

pub(super) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

fn local(now: Timestamp, zone: TimeZone) -> Option<Zoned> {
    jiff::Timestamp::from_millisecond(now.as_millis()).ok().map(|now| now.to_zoned(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn weekly(days: &[Weekday], from: &str, to: &str) -> Weekly {
        Weekly { days: days.to_vec(), from: from.into(), to: to.into(), time_zone: "Europe/Madrid".into() }
    }

    #[test]
    fn a_window_is_in_its_own_time_zone_and_may_end_on_the_next_day() {
        use Weekday as D;
        let table = [
            // Monday 2026-01-12; Madrid is one hour ahead in winter, two in summer.
            (weekly(&[D::Mon], "08:00", "09:00"), "2026-01-12T07:30:00Z", true),
            (weekly(&[D::Mon], "08:00", "09:00"), "2026-01-12T08:00:00Z", false),
            (weekly(&[D::Mon], "08:00", "09:00"), "2026-07-13T06:30:00Z", true),
            (weekly(&[D::Tue], "08:00", "09:00"), "2026-01-12T07:30:00Z", false),
            (weekly(&[D::Mon], "22:00", "06:00"), "2026-01-12T22:30:00Z", true),
            (weekly(&[D::Mon], "22:00", "06:00"), "2026-01-13T04:30:00Z", true),
            (weekly(&[D::Mon], "22:00", "06:00"), "2026-01-13T05:30:00Z", false),
            (weekly(&[D::Mon], "22:00", "06:00"), "2026-01-12T04:30:00Z", false),
            (weekly(&[D::Sun], "00:00", "00:00"), "2026-01-11T12:00:00Z", true),
        ];
        for (window, now, expected) in table {
            assert_eq!(window.contains(at(now)), expected, "{window:?} at {now}");
        }
    }

    #[test]
    fn turns_change_every_week_at_the_hour_of_the_place() {
        let turn = |name: &str| Turn { name: name.into(), screens: Vec::new(), mail: Vec::new() };
        let rotation = OnCall {
            name: "Guard".into(),
            time_zone: "Europe/Madrid".into(),
            starts_on: "2026-03-23".into(),
            hand_over: "08:00".into(),
            turns: vec![turn("Ana"), turn("Ben"), turn("Cruz")],
        };
        // The clocks go forward on 2026-03-29: the hour of the place stays.
        let table = [
            ("2026-03-23T07:00:00Z", "Ana", "2026-03-30T06:00:00Z"),
            ("2026-03-30T05:59:59Z", "Ana", "2026-03-30T06:00:00Z"),
            ("2026-03-30T06:00:00Z", "Ben", "2026-04-06T06:00:00Z"),
            ("2026-04-06T06:00:00Z", "Cruz", "2026-04-13T06:00:00Z"),
            ("2026-04-13T06:00:00Z", "Ana", "2026-04-20T06:00:00Z"),
            ("2026-03-23T06:59:59Z", "Cruz", "2026-03-23T07:00:00Z"),
        ];
        for (now, name, until) in table {
            let duty = on_duty(&rotation, at(now)).expect("somebody");
            assert_eq!((duty.turn.name.as_str(), duty.until), (name, at(until)), "{now}");
        }
        assert!(on_duty(&OnCall { turns: Vec::new(), ..rotation }, at("2026-01-01T00:00:00Z")).is_none());
    }
}
