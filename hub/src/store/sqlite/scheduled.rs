//! Alerts that are sent later: planned, changed, called off, and sent in one transaction with their next time.

use std::sync::Arc;

use hub_core::access::{Permission, Role, Scope};
use hub_core::alert::{Draft, Every, Plan, Repeat};
use hub_core::rule::Rulebook;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{AlertId, Timestamp};

use super::alerts::{self, RETRY_MS};
use super::rules::following;
use super::{Store, actions, moments, row};
use crate::store::{Actor, NewAlert, NewScheduled, Page, Planner, Scheduled, Sent, StoreError};

/// Most that wait at a time.
const MOST: i64 = 10_000;

const COLUMNS: &str = "id, draft, sender, sender_kind, created_at, starts_at, next_at, every, until, time_zone, failed_at, failure";
const INSERT: &str =
    "insert into scheduled_alerts (id, draft, sender, sender_kind, created_at, starts_at, next_at, every, until, time_zone)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const UPDATE: &str = "update scheduled_alerts set draft = ?2, sender = ?3, sender_kind = ?4, starts_at = ?5, next_at = ?6, every = ?7,
    until = ?8, time_zone = ?9, failed_at = null, failure = null where id = ?1 and ended_at is null";
const END: &str = "update scheduled_alerts set ended_at = ?2 where id = ?1 and ended_at is null";
const MOVE: &str = "update scheduled_alerts set next_at = ?2 where id = ?1 and ended_at is null";
const FAIL: &str = "update scheduled_alerts set failed_at = ?2, failure = ?3 where id = ?1 and ended_at is null and failed_at is null";
const DUE: &str =
    "select id from scheduled_alerts where ended_at is null and failed_at is null and next_at <= ?1 order by next_at, id limit 100";
const COUNT: &str = "select count(*) from scheduled_alerts where ended_at is null";
const REPEATED: &str = "select alert_id from idempotency where scope = ?1 and key = ?2 and created_at > ?3";
const REMEMBER: &str = "insert into idempotency (scope, key, alert_id, created_at) values (?1, ?2, ?3, ?4)
    on conflict (scope, key) do update set alert_id = excluded.alert_id, created_at = excluded.created_at";
const FORGET: &str = "delete from scheduled_alerts where ended_at <= ?1";
const USER_ROLE: &str = "select role from users where name = ?1";
const TOKEN_SCOPE: &str = "select scope from api_tokens where name = ?1 and revoked_at is null";

impl Store {
    /// Plans an alert, or finds the one that an earlier try planned; with the names in its audience that nobody has now.
    pub async fn plan_alert(&self, now: Timestamp, new: NewScheduled) -> Result<(Scheduled, Vec<String>), StoreError> {
        self.write(move |tx| {
            let planned = match repeated(tx, now, &new)? {
                Some(first) => first,
                None => plan(tx, now, &new)?,
            };
            let unknown = alerts::unknown_names(tx, &planned.words.audience)?;
            Ok((planned, unknown))
        })
        .await
    }

    /// Plans it anew, as whoever changes it.
    pub async fn change_scheduled(&self, now: Timestamp, new: NewScheduled) -> Result<Scheduled, StoreError> {
        self.write(move |tx| {
            let repeat = new.plan.repeat.as_ref();
            let changed = tx.prepare_cached(UPDATE)?.execute(params![
                new.id.to_string(),
                json(&new)?,
                new.planner.name(),
                new.planner.kind(),
                new.plan.starts_at.as_millis(),
                new.plan.starts_at.as_millis(),
                repeat.map(|repeat| repeat.every.as_str()),
                repeat.and_then(|repeat| repeat.until).map(Timestamp::as_millis),
                repeat.map(|repeat| &repeat.time_zone),
            ])?;
            let actor = Actor::new(new.planner.name());
            if changed == 0 {
                return Err(StoreError::Missing("the scheduled alert"));
            }
            actions::append(tx, now, &actor, "scheduled.change", &describe("changed", &new))?;
            find(tx, new.id)
        })
        .await
    }

    /// Calls it off.
    pub async fn cancel_scheduled(&self, now: Timestamp, actor: &Actor, id: AlertId) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(END)?.execute(params![id.to_string(), now.as_millis()])? == 0 {
                return Err(StoreError::Missing("the scheduled alert"));
            }
            actions::append(tx, now, &actor, "scheduled.cancel", &format!("called off scheduled alert {id}"))
        })
        .await
    }

    pub async fn scheduled_alert(&self, id: AlertId) -> Result<Scheduled, StoreError> {
        self.read(move |tx| find(tx, id)).await
    }

    /// Those that wait, the next one first; after a place that is `next_at` and id.
    pub async fn scheduled_alerts(&self, after: Option<(i64, String)>, limit: u32) -> Result<Page<Scheduled>, StoreError> {
        self.read(move |tx| {
            let total: i64 = tx.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
            let sql = format!(
                "select {COLUMNS} from scheduled_alerts where ended_at is null
                 and (?1 is null or next_at > ?1 or (next_at = ?1 and id > ?2)) order by next_at, id limit ?3"
            );
            let (at, id) = after.unzip();
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![at, id, limit + 1], scheduled)?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |one| format!("{}.{}", one.next_at.as_millis(), one.id));
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// Those whose time has come.
    pub async fn due_scheduled(&self, now: Timestamp) -> Result<Vec<AlertId>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(DUE)?;
            let rows = statement.query_map([now.as_millis()], |row| row::alert_id(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Sends one whose time has come: its alert and its next time, or its end, are one transaction. So a crash neither
    /// loses it nor sends it twice, and a clock that jumps ahead sends it once.
    pub async fn send_scheduled(&self, now: Timestamp, (id, alert): (AlertId, AlertId), book: Arc<Rulebook>) -> Result<Sent, StoreError> {
        self.write(move |tx| send(tx, now, (id, alert), &book)).await
    }

    /// Notes that it cannot be sent; it waits for somebody to look.
    pub async fn fail_scheduled(&self, now: Timestamp, id: AlertId, reason: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            if tx.prepare_cached(FAIL)?.execute(params![id.to_string(), now.as_millis(), reason])? > 0 {
                let detail = format!("scheduled alert {id} was not sent: {reason}");
                actions::append(tx, now, &Actor::new("hub"), "scheduled.fail", &detail)?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets those that are over, once no retry can ask for them.
    pub async fn forget_scheduled(&self, now: Timestamp) -> Result<(), StoreError> {
        let until = now.plus_millis(-RETRY_MS).as_millis();
        self.write(move |tx| Ok(tx.prepare_cached(FORGET)?.execute([until]).map(drop)?)).await
    }
}

/// A planned alert has a retry memory of its own: the same key may name an alert that was sent at once.
fn scope(planner: &Planner) -> String {
    format!("scheduled:{}", planner.name())
}

fn repeated(tx: &Connection, now: Timestamp, new: &NewScheduled) -> Result<Option<Scheduled>, StoreError> {
    let Some(key) = &new.idempotency_key else { return Ok(None) };
    let since = now.plus_millis(-RETRY_MS).as_millis();
    let first = tx.prepare_cached(REPEATED)?.query_row(params![scope(&new.planner), key, since], |row| row::alert_id(row, 0)).optional()?;
    first.map(|id| find_any(tx, id)).transpose()
}

fn plan(tx: &Connection, now: Timestamp, new: &NewScheduled) -> Result<Scheduled, StoreError> {
    let waiting: i64 = tx.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
    if waiting >= MOST {
        return Err(StoreError::Full("scheduled alerts", MOST));
    }
    let repeat = new.plan.repeat.as_ref();
    tx.prepare_cached(INSERT)?.execute(params![
        new.id.to_string(),
        json(new)?,
        new.planner.name(),
        new.planner.kind(),
        now.as_millis(),
        new.plan.starts_at.as_millis(),
        new.plan.starts_at.as_millis(),
        repeat.map(|repeat| repeat.every.as_str()),
        repeat.and_then(|repeat| repeat.until).map(Timestamp::as_millis),
        repeat.map(|repeat| &repeat.time_zone),
    ])?;
    if let Some(key) = &new.idempotency_key {
        tx.prepare_cached(REMEMBER)?.execute(params![scope(&new.planner), key, new.id.to_string(), now.as_millis()])?;
    }
    actions::append(tx, now, &Actor::new(new.planner.name()), "scheduled.create", &describe("scheduled", new))?;
    find(tx, new.id)
}

fn describe(what: &str, new: &NewScheduled) -> String {
    let again = new.plan.repeat.as_ref().map(|repeat| format!(", every {}", repeat.every.as_str())).unwrap_or_default();
    format!("{what} alert {} ({}) for {}{again}", new.id, new.words.severity, new.plan.starts_at)
}

fn send(tx: &Connection, now: Timestamp, (id, alert): (AlertId, AlertId), book: &Rulebook) -> Result<Sent, StoreError> {
    let found = match find(tx, id) {
        Ok(found) if found.next_at <= now && found.failure.is_none() => found,
        Ok(_) | Err(StoreError::Missing(_)) => return Ok(Sent::Gone),
        Err(err) => return Err(err),
    };
    let due_at = found.next_at;
    if let Some(reason) = absence(tx, &found.planner)? {
        return Ok(Sent::Unfit { reason, due_at });
    }
    let draft = match Draft::check(found.words.input()) {
        Ok(draft) => draft,
        Err(problems) => {
            let reasons: Vec<String> = problems.into_iter().map(|problem| format!("{} {}", problem.field, problem.reason)).collect();
            return Ok(Sent::Unfit { reason: reasons.join("; "), due_at });
        }
    };
    let actor = Actor::new(found.planner.name());
    let new = NewAlert { id: alert, draft, from: actor.0.clone(), sent_at: now, dedup_key: None, idempotency: None };
    let recorded = alerts::record(tx, &actor, &new)?;
    following::begin(tx, now, &recorded.alert, book)?;
    moments::note(tx, found.created_at, &actor, recorded.alert.seq, moments::Note::new("scheduled"))?;
    match found.plan.after(now) {
        Some(next) => tx.prepare_cached(MOVE)?.execute(params![id.to_string(), next.as_millis()])?,
        None => tx.prepare_cached(END)?.execute(params![id.to_string(), now.as_millis()])?,
    };
    Ok(Sent::Alert(Box::new(recorded)))
}

/// Why whoever planned it may not send any more.
fn absence(tx: &Connection, planner: &Planner) -> Result<Option<String>, StoreError> {
    let (sql, name) = match planner {
        Planner::User(name) => (USER_ROLE, name),
        Planner::Token(name) => (TOKEN_SCOPE, name),
        Planner::Cli(_) => return Ok(None),
    };
    let word: Option<String> = tx.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    let Some(word) = word else { return Ok(Some(format!("its sender {name} does not exist any more"))) };
    let may = match planner {
        Planner::User(_) => Role::parse(&word).is_some_and(|role| role.may(Permission::Alert)),
        _ => Scope::parse(&word).is_some_and(|scope| scope.may(Permission::Alert)),
    };
    Ok((!may).then(|| format!("its sender {name} may not send alerts any more")))
}

/// One that waits.
fn find(tx: &Connection, id: AlertId) -> Result<Scheduled, StoreError> {
    one(tx, &format!("select {COLUMNS} from scheduled_alerts where id = ?1 and ended_at is null"), id)
}

/// One that waits or is over.
fn find_any(tx: &Connection, id: AlertId) -> Result<Scheduled, StoreError> {
    one(tx, &format!("select {COLUMNS} from scheduled_alerts where id = ?1"), id)
}

fn one(tx: &Connection, sql: &str, id: AlertId) -> Result<Scheduled, StoreError> {
    tx.prepare_cached(sql)?.query_row([id.to_string()], scheduled).optional()?.ok_or(StoreError::Missing("the scheduled alert"))
}

fn json(new: &NewScheduled) -> Result<String, StoreError> {
    serde_json::to_string(&new.words).map_err(|err| StoreError::Database(err.to_string()))
}

fn scheduled(row: &rusqlite::Row<'_>) -> rusqlite::Result<Scheduled> {
    let name: String = row.get(2)?;
    let planner = match row.get_ref(3)?.as_str()? {
        "user" => Planner::User(name),
        "token" => Planner::Token(name),
        "cli" => Planner::Cli(name),
        _ => return Err(row::broken(3, Type::Text)),
    };
    let failure = row::maybe_time(row, 10)?.zip(row.get(11)?);
    Ok(Scheduled {
        id: row::alert_id(row, 0)?,
        words: serde_json::from_str(row.get_ref(1)?.as_str()?).map_err(|_| row::broken(1, Type::Text))?,
        planner,
        plan: Plan { starts_at: row::time(row, 5)?, repeat: repeat(row)? },
        created_at: row::time(row, 4)?,
        next_at: row::time(row, 6)?,
        failure,
    })
}

fn repeat(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Repeat>> {
    let Some(word) = row.get::<_, Option<String>>(7)? else { return Ok(None) };
    let every = Every::parse(&word).ok_or_else(|| row::broken(7, Type::Text))?;
    Ok(Some(Repeat { every, until: row::maybe_time(row, 8)?, time_zone: row.get::<_, Option<String>>(9)?.unwrap_or_default() }))
}
