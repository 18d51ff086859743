//! `/api/statistics`: how the hub is used. `/api/stats` counts events and mail; this counts alerts and people.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{Days, NaiveDate};
use hub_core::problem::FieldProblem;
use serde::Deserialize;

use super::auth::Reader;
use super::extract::Query;
use super::problem::Problem;
use crate::hub::Hub;
use crate::logs::wall_clock;
use crate::store::Statistics;

/// Days of a range at most: a leap year.
const MOST_DAYS: i64 = 366;
/// Days that are meant when nothing is said.
const USUAL_DAYS: u64 = 30;

/// Which days; the last 30 of the hub's clock when absent.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Range {
    /// First day, like `2026-01-31`; 29 days before `to` if absent.
    pub from: Option<String>,
    /// Last day, included; today if absent.
    pub to: Option<String>,
}

#[utoipa::path(get, path = "/api/statistics", tag = "statistics", params(Range),
    responses((status = 200, body = Statistics), (status = 422, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(range): Query<Range>) -> Result<Json<Statistics>, Problem> {
    let today = wall_clock(hub.clock.now()).date();
    let days = days(&range, today).map_err(Problem::invalid)?;
    Ok(Json(hub.store.statistics(days).await?))
}

fn days(range: &Range, today: NaiveDate) -> Result<Vec<String>, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let to = day("to", range.to.as_deref(), today, &mut problems);
    let from = day("from", range.from.as_deref(), to.checked_sub_days(Days::new(USUAL_DAYS - 1)).unwrap_or(to), &mut problems);
    if problems.is_empty() && from > to {
        problems.push(FieldProblem::new("from", "is after `to`"));
    }
    if (to - from).num_days() >= MOST_DAYS {
        problems.push(FieldProblem::new("from", format!("lies more than {MOST_DAYS} days before `to`")));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(from.iter_days().take_while(|day| *day <= to).map(|day| day.format("%Y-%m-%d").to_string()).collect())
}

fn day(field: &'static str, text: Option<&str>, otherwise: NaiveDate, problems: &mut Vec<FieldProblem>) -> NaiveDate {
    let Some(text) = text else { return otherwise };
    // Years beyond four digits would not sort as text.
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) if text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit()) => day,
        _ => {
            problems.push(FieldProblem::new(field, "is no day like 2026-01-31"));
            otherwise
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn of(from: Option<&str>, to: Option<&str>) -> Result<Vec<String>, Vec<String>> {
        let range = Range { from: from.map(str::to_owned), to: to.map(str::to_owned) };
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        days(&range, today).map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn a_range_is_days_in_a_row_and_thirty_of_them_by_itself() {
        let usual = of(None, None).unwrap();
        assert_eq!((usual.len(), usual.first().unwrap().as_str(), usual.last().unwrap().as_str()), (30, "2026-01-31", "2026-03-01"));
        assert_eq!(of(Some("2026-02-28"), Some("2026-03-01")).unwrap(), ["2026-02-28", "2026-03-01"]);
        assert_eq!(of(Some("2024-01-01"), Some("2024-12-31")).unwrap().len(), 366);
    }

    #[test]
    fn what_is_no_range_names_the_field() {
        let table: [(Option<&str>, Option<&str>, &[&str]); 7] = [
            (Some("2026-03-02"), None, &["from"]),
            (Some("2023-12-31"), Some("2024-12-31"), &["from"]),
            (Some("yesterday"), Some("2026-02-30"), &["to", "from"]),
            (Some(""), None, &["from"]),
            (None, Some("+99999-01-01"), &["to"]),
            (None, Some("-0001-01-01"), &["to"]),
            (None, Some("2026-1-1"), &["to"]),
        ];
        for (from, to, fields) in table {
            assert_eq!(of(from, to).unwrap_err(), fields, "{from:?} {to:?}");
        }
    }
}
