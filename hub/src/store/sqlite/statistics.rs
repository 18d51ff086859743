//! Statistics by day, from the tables that triggers keep (migration 0008): no scan of alerts or deliveries.

use std::collections::BTreeMap;

use hub_core::spread::Spread;
use rusqlite::{Connection, Row, params};
use shared::Severity;

use super::Store;
use crate::store::{BranchStatistics, BySeverity, Seen, SenderStatistics, Statistics, StatisticsDay, StoreError, UserStatistics};

const ALERTS: &str = "select day, severity, sum(alerts) from alert_days where day between ?1 and ?2 group by day, severity limit 4000";
const SENDERS: &str = "select sender, sum(alerts) as sent from alert_days where day between ?1 and ?2
    group by sender order by sent desc, sender limit ?3";
const SEEN: &str = "select day, from_s, deliveries from seen_days where day between ?1 and ?2 limit 40000";
const BRANCHES: &str = "select client_id, from_s, sum(deliveries) from json_each(?1) p join seen_branches b on b.period = p.value
    group by client_id, from_s limit 2000000";
const NAME: &str = "select name from clients where id = ?1";
const USERS: &str = "select actor, sum(actions) as done from action_days where day between ?1 and ?2
    group by actor order by done desc, actor limit ?3";
/// Rows of each list of the longest, most and slowest.
const MOST: usize = 20;

impl Store {
    /// Statistics of these days, each written as in `days`, which rise.
    pub async fn statistics(&self, days: Vec<String>) -> Result<Statistics, StoreError> {
        self.read(move |tx| {
            let periods: Vec<String> = periods(&days).into_iter().map(str::to_owned).collect();
            let (from, to) = (days.first().cloned().unwrap_or_default(), days.last().cloned().unwrap_or_default());
            let mut found = Statistics { from: from.clone(), to: to.clone(), ..Statistics::default() };
            let mut by_day: BTreeMap<String, StatisticsDay> =
                days.into_iter().map(|day| (day.clone(), StatisticsDay { day, ..StatisticsDay::default() })).collect();
            alerts(tx, &from, &to, &mut found, &mut by_day)?;
            found.seen = seen(tx, &from, &to, &mut by_day)?;
            found.days = by_day.into_values().collect();
            found.senders = most(tx, SENDERS, &from, &to, |sender, alerts| SenderStatistics { sender, alerts })?;
            found.slowest = slowest(tx, &periods)?;
            found.users = most(tx, USERS, &from, &to, |username, actions| UserStatistics { username, actions })?;
            Ok(found)
        })
        .await
    }
}

fn alerts(
    tx: &Connection,
    from: &str,
    to: &str,
    found: &mut Statistics,
    by_day: &mut BTreeMap<String, StatisticsDay>,
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(ALERTS)?;
    let mut rows = statement.query([from, to])?;
    while let Some(row) = rows.next()? {
        let (severity, count) = (Severity::from_rank(row.get(1)?).unwrap_or_default(), count(row, 2)?);
        found.alerts += count;
        *of(&mut found.severity, severity) += count;
        if let Some(day) = by_day.get_mut(&row.get::<_, String>(0)?) {
            *of(&mut day.severity, severity) += count;
        }
    }
    Ok(())
}

fn seen(tx: &Connection, from: &str, to: &str, by_day: &mut BTreeMap<String, StatisticsDay>) -> Result<Seen, StoreError> {
    let (mut all, mut each) = (Spread::default(), BTreeMap::<String, Spread>::new());
    let mut statement = tx.prepare_cached(SEEN)?;
    let mut rows = statement.query([from, to])?;
    while let Some(row) = rows.next()? {
        let (step, count) = (row.get(1)?, count(row, 2)?);
        all.add(step, count);
        each.entry(row.get(0)?).or_default().add(step, count);
    }
    for (day, spread) in &each {
        if let Some(day) = by_day.get_mut(day) {
            day.seen = summary(spread);
        }
    }
    Ok(summary(&all))
}

/// The same days in fewer pieces: a month that is there from its first to its last day is one.
fn periods(days: &[String]) -> Vec<&str> {
    let mut periods = Vec::new();
    for month in days.chunk_by(|one, next| month(one) == month(next)) {
        // A month that begins at its first day and is followed by another month in the list, is whole.
        let ends = days.last() != month.last();
        match month.first() {
            Some(first) if ends && first.ends_with("-01") => periods.push(self::month(first)),
            _ => periods.extend(month.iter().map(String::as_str)),
        }
    }
    periods
}

fn month(day: &str) -> &str {
    day.get(..7).unwrap_or(day)
}

fn slowest(tx: &Connection, periods: &[String]) -> Result<Vec<BranchStatistics>, StoreError> {
    let mut spreads = BTreeMap::<i64, Spread>::new();
    let mut statement = tx.prepare_cached(BRANCHES)?;
    let mut rows = statement.query([serde_json::json!(periods).to_string()])?;
    while let Some(row) = rows.next()? {
        spreads.entry(row.get(0)?).or_default().add(row.get(1)?, count(row, 2)?);
    }
    let mut found: Vec<(i64, Seen)> = spreads.iter().map(|(client, spread)| (*client, summary(spread))).collect();
    found.sort_by_key(|(client, seen)| (std::cmp::Reverse((seen.median_s, seen.p90_s)), *client));
    found.truncate(MOST);
    let mut name = tx.prepare_cached(NAME)?;
    found.into_iter().map(|(id, seen)| Ok(BranchStatistics { client: name.query_row([id], |row| row.get(0))?, seen })).collect()
}

fn most<T>(tx: &Connection, sql: &str, from: &str, to: &str, make: impl Fn(String, u64) -> T) -> Result<Vec<T>, StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![from, to, MOST.cast_signed()], |row| Ok(make(row.get(0)?, count(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn summary(spread: &Spread) -> Seen {
    Seen { deliveries: spread.count(), median_s: spread.quantile_s(0.5), p90_s: spread.quantile_s(0.9) }
}

fn of(counts: &mut BySeverity, severity: Severity) -> &mut u64 {
    match severity {
        Severity::Info => &mut counts.info,
        Severity::Warning => &mut counts.warning,
        Severity::Error => &mut counts.error,
        Severity::Critical => &mut counts.critical,
    }
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| count.max(0).cast_unsigned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn whole_months_are_one_period() {
        let days = |list: &[&str]| list.iter().map(|day| (*day).to_owned()).collect::<Vec<_>>();
        let february: Vec<String> = (1..=28).map(|day| format!("2026-02-{day:02}")).collect();
        let year = [days(&["2026-01-30", "2026-01-31"]), february.clone(), days(&["2026-03-01"])].concat();
        assert_eq!(super::periods(&year), ["2026-01-30", "2026-01-31", "2026-02", "2026-03-01"]);
        assert_eq!(super::periods(&february).len(), 28, "perhaps more of it is to come");
        assert!(super::periods(&[]).is_empty());
    }

    #[test]
    fn the_steps_are_those_of_the_table() {
        let steps = hub_core::spread::STEPS_S.map(|step| format!("({step})")).join(", ");
        let sql = include_str!("../migrations/0008_statistics.sql").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(sql.contains(&format!("insert into seen_steps (from_s) values {steps};")), "{steps}");
    }
}
