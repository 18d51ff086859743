//! Programs that want to be told, and what came of telling them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::{Name, Severity, Timestamp};

use super::{Store, actions, row};
use crate::store::{Actor, Page, StoreError, Webhook, WebhookAttempt, WebhookChange};

/// Most webhooks of a hub.
const MOST: i64 = 50;

const COUNT: &str = "select count(*) from webhooks";
const LISTENING: &str = "select name from webhooks where from_severity <= ?1 order by id limit 50";
const INSERT: &str = "insert into webhooks (name, name_key, url, secret, allow_private, from_severity, created_at, created_by)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (name_key) do nothing";
const UPDATE: &str = "update webhooks set url = ?2, secret = coalesce(?3, secret), allow_private = ?4, from_severity = ?5
    where name_key = ?1 returning name";
const ROTATE: &str = "update webhooks set secret = ?2 where name_key = ?1 returning name, url";
const DELETE: &str = "delete from webhooks where name_key = ?1 returning name";
const DROP_WAITING: &str = "update outgoing set state = 'failed', leased_until = null
    where kind = 'webhook' and recipient = ?1 and state = 'waiting'";
const LIST: &str = "select w.name, w.url, w.secret, w.allow_private, w.from_severity, w.created_at, w.created_by,
    a.id, a.event_id, a.created_at, a.status, a.detail from webhooks w
    left join webhook_attempts a on a.id = (select max(id) from webhook_attempts where webhook = w.name)
    where (?1 is null or w.name_key = ?1) order by w.name_key limit 50";
const ATTEMPTS: &str = "select id, event_id, created_at, status, detail from webhook_attempts
    where webhook = ?1 and (?2 is null or id < ?2) order by id desc limit ?3";
const COUNT_ATTEMPTS: &str = "select count(*) from webhook_attempts where webhook = ?1";
const INSERT_ATTEMPT: &str = "insert into webhook_attempts (webhook, event_id, created_at, status, detail) values (?1, ?2, ?3, ?4, ?5)";

/// Names of the webhooks that hear of events of a severity by themselves.
pub(super) fn listening(tx: &Connection, severity: Severity) -> Result<Vec<String>, StoreError> {
    let mut statement = tx.prepare_cached(LISTENING)?;
    let rows = statement.query_map([severity.rank()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn note(
    tx: &Connection,
    now: Timestamp,
    webhook: &str,
    event: Option<i64>,
    status: &str,
    detail: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT_ATTEMPT)?.execute(params![webhook, event, now.as_millis(), status, detail])?;
    Ok(())
}

impl Store {
    /// All of them, by name.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        self.read(|tx| list(tx, None)).await
    }

    pub async fn webhook(&self, name: &Name) -> Result<Webhook, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| list(tx, Some(&key))?.pop().ok_or(StoreError::Missing("the webhook"))).await
    }

    pub async fn add_webhook(&self, now: Timestamp, actor: &Actor, new: WebhookChange) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(COUNT)?.query_row([], |row| row.get::<_, i64>(0))? >= MOST {
                return Err(StoreError::Full("webhooks", MOST));
            }
            let WebhookChange { name, url, secret, allow_private, from_severity } = &new;
            let rank = from_severity.map(Severity::rank);
            let values = params![name.as_str(), name.key(), url, secret, allow_private, rank, now.as_millis(), actor.0];
            if tx.prepare_cached(INSERT)?.execute(values)? == 0 {
                return Err(StoreError::Exists("a webhook of this name"));
            }
            actions::append(tx, now, &actor, "webhook.create", &format!("made webhook {name} to {url}"))
        })
        .await
    }

    pub async fn change_webhook(&self, now: Timestamp, actor: &Actor, change: WebhookChange) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let WebhookChange { name, url, secret, allow_private, from_severity } = &change;
            let values = params![name.key(), url, secret, allow_private, from_severity.map(Severity::rank)];
            let changed: Option<String> = tx.prepare_cached(UPDATE)?.query_row(values, |row| row.get(0)).optional()?;
            let name = changed.ok_or(StoreError::Missing("the webhook"))?;
            actions::append(tx, now, &actor, "webhook.change", &format!("changed webhook {name}, to {url}"))
        })
        .await
    }

    /// Its name and address; calls from now on are signed with this secret.
    pub async fn rotate_webhook_secret(
        &self,
        now: Timestamp,
        actor: &Actor,
        name: &Name,
        secret: String,
    ) -> Result<(String, String), StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let changed = tx.prepare_cached(ROTATE)?.query_row(params![key, secret], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (name, url): (String, String) = changed.ok_or(StoreError::Missing("the webhook"))?;
            actions::append(tx, now, &actor, "webhook.secret", &format!("gave webhook {name} a new secret"))?;
            Ok((name, url))
        })
        .await
    }

    /// What waited for it is not told any more.
    pub async fn remove_webhook(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<(), StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let removed: Option<String> = tx.prepare_cached(DELETE)?.query_row([key], |row| row.get(0)).optional()?;
            let name = removed.ok_or(StoreError::Missing("the webhook"))?;
            tx.prepare_cached(DROP_WAITING)?.execute([&name])?;
            actions::append(tx, now, &actor, "webhook.remove", &format!("removed webhook {name}"))
        })
        .await
    }

    /// Calls of one webhook, newest first.
    pub async fn webhook_attempts(&self, name: &Name, before: Option<i64>, limit: u32) -> Result<Page<WebhookAttempt>, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| {
            let name = list(tx, Some(&key))?.pop().ok_or(StoreError::Missing("the webhook"))?.name;
            let total: i64 = tx.prepare_cached(COUNT_ATTEMPTS)?.query_row([&name], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(ATTEMPTS)?;
            let rows = statement.query_map(params![name, before, limit + 1], |row| attempt(row, 0))?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |attempt| attempt.id.to_string());
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    pub async fn note_webhook_attempt(&self, now: Timestamp, webhook: String, is_sent: bool, detail: String) -> Result<(), StoreError> {
        self.write(move |tx| note(tx, now, &webhook, None, if is_sent { "sent" } else { "failed" }, &detail)).await
    }
}

fn list(tx: &Connection, key: Option<&str>) -> Result<Vec<Webhook>, StoreError> {
    let mut statement = tx.prepare_cached(LIST)?;
    let rows = statement.query_map([key], webhook)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn webhook(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let rank: Option<u8> = row.get(4)?;
    Ok(Webhook {
        name: row.get(0)?,
        url: row.get(1)?,
        secret: row.get(2)?,
        allow_private: row.get(3)?,
        from_severity: rank.and_then(Severity::from_rank),
        created_at: row::time(row, 5)?,
        created_by: row.get(6)?,
        last: row.get::<_, Option<i64>>(7)?.map(|_| attempt(row, 7)).transpose()?,
    })
}

fn attempt(row: &Row<'_>, first: usize) -> rusqlite::Result<WebhookAttempt> {
    Ok(WebhookAttempt {
        id: row.get(first)?,
        event_id: row.get(first + 1)?,
        created_at: row::time(row, first + 2)?,
        status: row.get(first + 3)?,
        detail: row.get(first + 4)?,
    })
}
