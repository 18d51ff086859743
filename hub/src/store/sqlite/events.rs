//! Events: saved with what they cause, listed, counted.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use hub_core::rule::{Effect, Verdict};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::value::RawValue;
use shared::{Severity, Timestamp};

use super::alerts::RETRY_MS;
use super::emails::Unmailed;
use super::rules::incidents;
use super::rules::tallies::{Mark, Tallies};
use super::{Store, emails, notices, row};
use crate::store::{Actor, Consequences, Event, EventFilter, EventOutcome, EventStatistics, NewEvent, Page, StoreError};

const INSERT: &str = "insert into events (created_at, source, severity, message, channel, raw_payload, dedup_key, silence_id)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const REPEATED: &str = "select event_id, created_at from event_ids where source = ?1 and id = ?2 and created_at > ?3";
const REMEMBER: &str = "insert into event_ids (source, id, event_id, created_at) values (?1, ?2, ?3, ?4)
    on conflict (source, id) do update set event_id = excluded.event_id, created_at = excluded.created_at";
const LINK: &str = "update events set alert_seq = ?2 where id = ?1";
const LIST: &str = "select id, created_at, source, severity, message, channel, raw_payload, silence_id from events
    where (?1 is null or id < ?1) and (?2 is null or severity = ?2) and (?3 is null or channel = ?3)
    and (?4 is null or instr(lower(source || char(10) || message), ?4) > 0) order by id desc limit ?5";
const COUNT: &str = "select count(*) from events where (?1 is null or severity = ?1) and (?2 is null or channel = ?2)
    and (?3 is null or instr(lower(source || char(10) || message), ?3) > 0)";
const STANDING: &str = "select raw_payload from events where id in (select max(id) from events
    where channel = 'hub' and dedup_key is not null and dedup_key >= ?1 and dedup_key < ?1 || char(1114111) group by dedup_key)
    and coalesce(json_extract(raw_payload, '$.resolved'), 0) = 0 limit 100";
const BY_SEVERITY: &str = "select severity, count(*) from events group by severity";
const BY_CHANNEL: &str = "select channel, count(*) from events group by channel order by channel limit 100";

impl Store {
    /// Saves events in order, each with what it causes; all of them or none.
    pub async fn record_events(&self, now: Timestamp, events: Vec<NewEvent>) -> Result<(Vec<NewEvent>, Vec<EventOutcome>), StoreError> {
        let (memory, undone) = (Arc::clone(&self.incidents), self.writer.undone());
        self.write(move |tx| {
            let undone = undone.load(Ordering::Relaxed);
            let mut tallies = Tallies::begin(&memory, Mark::of(tx, undone));
            let mut outcomes = events.iter().map(|new| record(tx, now, new, &mut tallies)).collect::<Result<Vec<_>, _>>()?;
            note_unmailed(tx, now, &mut outcomes)?;
            tallies.end(tx, now, undone, &memory)?;
            Ok((events, outcomes))
        })
        .await
    }

    /// Events, newest first.
    pub async fn events(&self, filter: EventFilter, before: Option<i64>, limit: u32) -> Result<Page<Event>, StoreError> {
        self.read(move |tx| {
            let EventFilter { severity, channel, search } = filter;
            let (severity, search) = (severity.map(Severity::as_str), search.map(|words| words.to_lowercase()));
            let total: i64 = tx.prepare_cached(COUNT)?.query_row(params![severity, channel, search], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map(params![before, severity, channel, search, limit + 1], event)?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |event| event.id.to_string());
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// The last word of the hub about each thing whose key begins so, unless it was that it is over.
    pub async fn standing_notices(&self, prefix: &'static str) -> Result<Vec<String>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(STANDING)?;
            let rows = statement.query_map([prefix], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn event_statistics(&self) -> Result<EventStatistics, StoreError> {
        self.read(|tx| {
            let mut statistics = EventStatistics::default();
            for (word, count) in pairs(tx, BY_SEVERITY)? {
                let rank = Severity::parse(&word).unwrap_or_default().rank();
                if let Some(sum) = statistics.by_severity.get_mut(usize::from(rank)) {
                    *sum += count;
                }
                statistics.total += count;
            }
            statistics.by_channel = pairs(tx, BY_CHANNEL)?;
            Ok(statistics)
        })
        .await
    }
}

fn pairs(tx: &Connection, sql: &str) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.max(0).cast_unsigned())))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes down in one go what was told together with an event before it: row by row these cost more than the events.
fn note_unmailed(tx: &Connection, now: Timestamp, outcomes: &mut [EventOutcome]) -> Result<(), StoreError> {
    let of = |outcome| {
        let EventOutcome { id, consequences, .. }: &EventOutcome = outcome;
        consequences.unmailed.iter().map(|subject| Unmailed { event: *id, subject })
    };
    let waiting = outcomes.iter().flat_map(of).collect::<Vec<_>>();
    let Some(mut id) = emails::append_unmailed(tx, now, &waiting)? else { return Ok(()) };
    for EventOutcome { id: event, consequences, .. } in outcomes {
        for subject in std::mem::take(&mut consequences.unmailed) {
            consequences.emails.push(emails::unmailed(id, now, *event, subject));
            id += 1;
        }
    }
    Ok(())
}

fn record(tx: &Connection, now: Timestamp, new: &NewEvent, tallies: &mut Tallies) -> Result<EventOutcome, StoreError> {
    if let Some(first) = repeated(tx, now, new)? {
        return Ok(first);
    }
    let event = &new.event;
    let silence = if let Verdict::Silenced(silence) = new.verdict { Some(silence) } else { None };
    let values =
        params![now.as_millis(), new.source, event.severity.as_str(), event.message, new.channel, event.raw, event.dedup_key, silence];
    tx.prepare_cached(INSERT)?.execute(values)?;
    let id = tx.last_insert_rowid();
    if let Some(key) = &event.id {
        tx.prepare_cached(REMEMBER)?.execute(params![new.source, key, id, now.as_millis()])?;
    }
    let mut consequences = Consequences::default();
    match &new.verdict {
        Verdict::Record | Verdict::Silenced(_) => {}
        Verdict::Act(effects) => act(tx, now, new, effects, id, tallies, &mut consequences)?,
        Verdict::Resolve => {
            if let Some(key) = &event.dedup_key {
                consequences.withdrawn = incidents::resolve(tx, now, &Actor::new(&new.source), key)?;
            }
        }
    }
    if new.reaches_listeners && silence.is_none() {
        notices::tell_listeners(tx, now, new, id)?;
    }
    Ok(EventOutcome { id, created_at: now, repeated: false, consequences })
}

/// Each rule that the event has met takes it into an incident; the event is linked to the first alert.
fn act(
    tx: &Connection,
    now: Timestamp,
    new: &NewEvent,
    effects: &[Effect],
    id: i64,
    tallies: &mut Tallies,
    consequences: &mut Consequences,
) -> Result<(), StoreError> {
    let mut alert = None;
    for effect in effects {
        alert = alert.or(incidents::take_in(tx, now, new, effect, id, tallies, consequences)?);
    }
    if let Some(seq) = alert {
        tx.prepare_cached(LINK)?.execute(params![id, seq])?;
    }
    Ok(())
}

fn repeated(tx: &Connection, now: Timestamp, new: &NewEvent) -> Result<Option<EventOutcome>, StoreError> {
    let Some(key) = &new.event.id else { return Ok(None) };
    let since = now.plus_millis(-RETRY_MS).as_millis();
    let first =
        tx.prepare_cached(REPEATED)?.query_row(params![new.source, key, since], |row| Ok((row.get(0)?, row::time(row, 1)?))).optional()?;
    Ok(first.map(|(id, created_at)| EventOutcome { id, created_at, repeated: true, consequences: Consequences::default() }))
}

fn event(row: &rusqlite::Row<'_>) -> rusqlite::Result<Event> {
    let raw: String = row.get(6)?;
    Ok(Event {
        id: row.get(0)?,
        created_at: row::time(row, 1)?,
        source: row.get(2)?,
        severity: Severity::parse(row.get_ref(3)?.as_str()?).ok_or_else(|| row::broken(3, Type::Text))?,
        message: row.get(4)?,
        channel: row.get(5)?,
        raw_payload: RawValue::from_string(raw).map_err(|_| row::broken(6, Type::Text))?,
        silenced_by: row.get(7)?,
    })
}
