//! When a planned alert is due, as tables.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn daily(send_at: &str, every: Every, zone: &str, until: Option<&str>) -> PlanInput {
    PlanInput { send_at: Some(send_at.into()), every: Some(every), until: until.map(str::to_owned), time_zone: Some(zone.into()) }
}

/// The plan's first times.
fn times(input: PlanInput, now: &str, count: usize) -> Vec<String> {
    let plan = Plan::check(input, at(now)).unwrap().unwrap();
    let next = |last: &Timestamp| plan.after(*last);
    std::iter::successors(Some(plan.starts_at), next).take(count).map(|time| time.to_string().replace(":00.000Z", "Z")).collect()
}

#[test]
fn a_daily_alert_keeps_its_local_time_when_the_clocks_change() {
    let input = daily("2026-10-23T08:00:00+02:00", Every::Day, "Europe/Madrid", None);
    let expected = ["2026-10-23T06:00Z", "2026-10-24T06:00Z", "2026-10-25T07:00Z", "2026-10-26T07:00Z"];
    assert_eq!(times(input, "2026-10-22T00:00:00Z", 4), expected);
}

#[test]
fn a_time_that_the_clocks_leave_out_comes_an_hour_later_once() {
    let input = daily("2026-03-28T02:30:00+01:00", Every::Day, "Europe/Madrid", None);
    assert_eq!(times(input, "2026-03-27T00:00:00Z", 3), ["2026-03-28T01:30Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z"]);
}

#[test]
fn a_time_that_comes_twice_is_used_once() {
    let input = daily("2026-10-24T02:30:00+02:00", Every::Day, "Europe/Madrid", None);
    assert_eq!(times(input, "2026-10-23T00:00:00Z", 3), ["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"]);
}

#[test]
fn weekdays_are_those_of_the_zone_and_a_weekend_start_waits_for_monday() {
    let input = daily("2026-11-21T00:30:00+01:00", Every::Weekday, "Europe/Madrid", None);
    assert_eq!(times(input, "2026-11-20T00:00:00Z", 3), ["2026-11-22T23:30Z", "2026-11-23T23:30Z", "2026-11-24T23:30Z"]);
}

#[test]
fn a_week_is_the_same_day_of_the_week_and_until_ends_it() {
    let input = daily("2026-11-23T09:00:00Z", Every::Week, "UTC", Some("2026-12-07T09:00:00Z"));
    assert_eq!(times(input, "2026-11-22T00:00:00Z", 9), ["2026-11-23T09:00Z", "2026-11-30T09:00Z", "2026-12-07T09:00Z"]);
}

#[test]
fn without_a_zone_the_offset_of_the_first_time_counts() {
    let input = PlanInput { time_zone: None, ..daily("2026-11-20T00:30:00+05:30", Every::Weekday, "", None) };
    let plan = Plan::check(input.clone(), at("2026-11-19T00:00:00Z")).unwrap().unwrap();
    assert_eq!(plan.repeat.unwrap().time_zone, "+05:30");
    assert_eq!(times(input, "2026-11-19T00:00:00Z", 2), ["2026-11-19T19:00Z", "2026-11-22T19:00Z"]);
}

#[test]
fn after_a_long_pause_only_what_is_to_come_counts() {
    let plan = Plan::check(daily("2026-11-21T09:00:00Z", Every::Day, "UTC", None), at("2026-11-21T08:00:00Z")).unwrap().unwrap();
    assert_eq!(plan.after(at("2027-03-05T12:00:00Z")), Some(at("2027-03-06T09:00:00Z")));
    assert_eq!(plan.after(at("2026-11-01T12:00:00Z")), Some(at("2026-11-21T09:00:00Z")), "a clock that was put back sends nothing early");
    let once = Plan { repeat: None, ..plan };
    assert_eq!((once.after(at("2026-11-21T08:59:59Z")), once.after(at("2026-11-21T09:00:00Z"))), (Some(once.starts_at), None));
}

#[test]
fn what_cannot_be_planned_says_why() {
    let now = at("2026-11-21T08:00:00Z");
    let plan = |send_at: &str| PlanInput { send_at: Some(send_at.into()), ..PlanInput::default() };
    let table = [
        (plan("tomorrow"), "send_at"),
        (plan("2026-11-21T07:50:00Z"), "send_at"),
        (plan("2027-11-30T00:00:00Z"), "send_at"),
        (PlanInput { every: Some(Every::Day), ..PlanInput::default() }, "send_at"),
        (daily("2026-11-22T09:00:00Z", Every::Day, "Mars/Olympus", None), "repeat.time_zone"),
        (daily("2026-11-22T09:00:00Z", Every::Day, "../../etc/passwd", None), "repeat.time_zone"),
        (daily("2026-11-22T09:00:00Z", Every::Day, "+99:00", None), "repeat.time_zone"),
        (daily("2026-11-22T09:00:00Z", Every::Day, "UTC", Some("2026-11-22T08:00:00Z")), "repeat.until"),
        (daily("2026-11-22T09:00:00Z", Every::Day, "UTC", Some("soon")), "repeat.until"),
    ];
    for (input, field) in table {
        let shown = format!("{input:?}");
        match Plan::check(input, now) {
            Err(problems) => assert_eq!(problems.first().map(|problem| problem.field.as_str()), Some(field), "{shown}"),
            Ok(plan) => panic!("{shown}: {plan:?}"),
        }
    }
    assert_eq!(Plan::check(PlanInput::default(), now), Ok(None), "now");
    assert!(Plan::check(plan("2026-11-21T07:58:00Z"), now).is_ok(), "a moment ago is now");
}
