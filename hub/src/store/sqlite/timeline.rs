//! Events over time, and what happened to them.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use shared::{AlertId, Severity, Timestamp};

use super::{Store, row};
use crate::store::{SeriesPoint, StoreError, Trace, TraceKind, TracePlace};

const SERIES: &str = "select (created_at - ?1) / ?3, severity, count(*) from events
    where created_at >= ?1 and created_at < ?2 group by 1, 2 limit 10000";
const RAISED: &str = "select e.id, e.created_at, e.severity, e.source, e.message, a.id,
    not exists (select 1 from events o where o.alert_seq = e.alert_seq and o.id < e.id)
    from events e join alerts a on a.seq = e.alert_seq
    where e.alert_seq is not null and e.id < ?1 order by e.id desc limit ?2";
const SILENCED: &str = "select e.id, e.created_at, e.severity, e.source, e.message, coalesce(json_extract(s.body, '$.reason'), '')
    from events e left join silences s on s.id = e.silence_id
    where e.silence_id is not null and e.id < ?1 order by e.id desc limit ?2";
const RESOLVED: &str = "select a.seq, a.withdrawn_at, a.severity, a.sender, a.text, a.id from alerts a
    where a.withdraw_reason = 'resolved' and (a.withdrawn_at, a.seq) < (?1, ?2) order by a.withdrawn_at desc, a.seq desc limit ?3";
const MAILED: &str = "select m.id, m.created_at, m.status, m.recipient, m.detail, m.subject, m.event_id, m.alert_id, e.severity
    from email_alerts m left join events e on e.id = m.event_id where m.id < ?1 order by m.id desc limit ?2";

/// A trace with the place in its own table.
enum Found {
    Event(i64, Trace),
    Email(i64, Trace),
    Resolved((i64, i64), Trace),
}

impl Found {
    /// Events of one moment keep their order, whichever table they come from.
    fn event(&self) -> i64 {
        match self {
            Self::Event(id, _) => *id,
            Self::Email(..) | Self::Resolved(..) => 0,
        }
    }

    fn trace(&self) -> &Trace {
        match self {
            Self::Event(_, trace) | Self::Email(_, trace) | Self::Resolved(_, trace) => trace,
        }
    }
}

impl Store {
    /// Events of each severity in `steps` equal steps from `from` on.
    pub async fn event_series(&self, from: Timestamp, step_ms: i64, steps: i64) -> Result<Vec<SeriesPoint>, StoreError> {
        self.read(move |tx| {
            let end = from.plus_millis(step_ms.saturating_mul(steps));
            let at = |step: i64| from.plus_millis(step_ms.saturating_mul(step));
            let empty = |step| (step, SeriesPoint { at: at(step), info: 0, warning: 0, error: 0, critical: 0 });
            let mut points: BTreeMap<i64, SeriesPoint> = (0..steps).map(empty).collect();
            let mut statement = tx.prepare_cached(SERIES)?;
            let mut rows = statement.query(params![from.as_millis(), end.as_millis(), step_ms])?;
            while let Some(row) = rows.next()? {
                let (severity, count) = (severity(row, 1)?, row.get::<_, i64>(2)?.max(0).cast_unsigned());
                let Some(point) = points.get_mut(&row.get(0)?) else { continue };
                *match severity {
                    Severity::Info => &mut point.info,
                    Severity::Warning => &mut point.warning,
                    Severity::Error => &mut point.error,
                    Severity::Critical => &mut point.critical,
                } = count;
            }
            Ok(points.into_values().collect())
        })
        .await
    }

    /// What happened to events, newest first, and where the next page begins.
    pub async fn traces(&self, before: TracePlace, limit: u32) -> Result<(Vec<Trace>, Option<TracePlace>), StoreError> {
        self.read(move |tx| {
            // An event is raised or silenced, never both: one place serves the two.
            let mut found = raised(tx, before.event, limit)?;
            found.extend(silenced(tx, before.event, limit)?);
            found.extend(mailed(tx, before.email, limit)?);
            found.extend(resolved(tx, before.resolved, limit)?);
            // Stable: within a moment each table keeps its own order.
            found.sort_by_key(|found| std::cmp::Reverse((found.trace().at, found.event())));
            let is_more = found.len() > limit as usize;
            found.truncate(limit as usize);
            let mut place = before;
            let mut traces = Vec::with_capacity(found.len());
            for found in found {
                match found {
                    Found::Event(id, trace) => (place.event, _) = (id, traces.push(trace)),
                    Found::Email(id, trace) => (place.email, _) = (id, traces.push(trace)),
                    Found::Resolved(at, trace) => (place.resolved, _) = (at, traces.push(trace)),
                }
            }
            Ok((traces, is_more.then_some(place)))
        })
        .await
    }
}

fn severity(row: &Row<'_>, column: usize) -> rusqlite::Result<Severity> {
    Severity::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| row::broken(column, Type::Text))
}

fn raised(tx: &Connection, before: i64, limit: u32) -> Result<Vec<Found>, StoreError> {
    let mut statement = tx.prepare_cached(RAISED)?;
    let rows = statement.query_map(params![before, limit + 1], |row| {
        let (source, message): (String, String) = (row.get(3)?, row.get(4)?);
        let trace = Trace {
            at: row::time(row, 1)?,
            kind: if row.get(6)? { TraceKind::Raised } else { TraceKind::Joined },
            event_id: row.get(0)?,
            alert_id: Some(row::alert_id(row, 5)?),
            severity: Some(severity(row, 2)?),
            about: format!("{source}: {message}"),
            detail: String::new(),
        };
        Ok(Found::Event(row.get(0)?, trace))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn silenced(tx: &Connection, before: i64, limit: u32) -> Result<Vec<Found>, StoreError> {
    let mut statement = tx.prepare_cached(SILENCED)?;
    let rows = statement.query_map(params![before, limit + 1], |row| {
        let (source, message): (String, String) = (row.get(3)?, row.get(4)?);
        let trace = Trace {
            at: row::time(row, 1)?,
            kind: TraceKind::Silenced,
            event_id: row.get(0)?,
            alert_id: None,
            severity: Some(severity(row, 2)?),
            about: format!("{source}: {message}"),
            detail: row.get(5)?,
        };
        Ok(Found::Event(row.get(0)?, trace))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn resolved(tx: &Connection, (at, seq): (i64, i64), limit: u32) -> Result<Vec<Found>, StoreError> {
    let mut statement = tx.prepare_cached(RESOLVED)?;
    let rows = statement.query_map(params![at, seq, limit + 1], |row| {
        let (sender, text): (String, String) = (row.get(3)?, row.get(4)?);
        let trace = Trace {
            at: row::time(row, 1)?,
            kind: TraceKind::Resolved,
            event_id: None,
            alert_id: Some(row::alert_id(row, 5)?),
            severity: Severity::from_rank(row.get(2)?),
            about: format!("{sender}: {text}"),
            detail: String::new(),
        };
        Ok(Found::Resolved((row.get(1)?, row.get(0)?), trace))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn mailed(tx: &Connection, before: i64, limit: u32) -> Result<Vec<Found>, StoreError> {
    let mut statement = tx.prepare_cached(MAILED)?;
    let rows = statement.query_map(params![before, limit + 1], |row| {
        let (recipient, detail): (String, String) = (row.get(3)?, row.get(4)?);
        let alert: Option<String> = row.get(7)?;
        let kind = match row.get_ref(2)?.as_str()? {
            "sent" => TraceKind::Mailed,
            "failed" => TraceKind::Failed,
            _ => TraceKind::Skipped,
        };
        let trace = Trace {
            at: row::time(row, 1)?,
            kind,
            event_id: row.get(6)?,
            alert_id: alert.and_then(|id| AlertId::parse(&id).ok()),
            severity: row.get::<_, Option<String>>(8)?.and_then(|word| Severity::parse(&word)),
            about: row.get(5)?,
            detail: if recipient.is_empty() { detail } else { format!("{recipient}: {detail}") },
        };
        Ok(Found::Email(row.get(0)?, trace))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
