//! Alerts and their deliveries: saved together, listed with counts, withdrawn.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{AlertId, Audience, Name, Timestamp};

use super::row::ALERT;
use super::rules::following;
use super::{Store, actions, groups, moments, row};
use crate::store::{Actor, Alert, ClientId, Counts, Delivery, NewAlert, Recipient, Recorded, StoreError, Withdrawal};
use hub_core::rule::Rulebook;

const NEXT_SEQ: &str = "update counters set value = value + 1 where name = 'alert_seq' returning value";
const INSERT: &str = "insert into alerts
    (seq, id, severity, title, text, sender, sent_at, expires_at, drill, replies, dedup_key, free_reply, replaces)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const INSERT_AUDIENCE: &str = "insert into alert_audiences (alert_seq, position, kind, name, name_key)
    values (?1, ?2, ?3, ?4, ?5)";
const QUEUE_ALL: &str = "insert into deliveries (alert_seq, client_id, audience, state, queued_at)
    select ?1, id, 0, 0, ?2 from clients where revoked_at is null";
const QUEUE_ONE: &str = "insert into deliveries (alert_seq, client_id, audience, state, queued_at)
    select ?1, id, ?3, 0, ?2 from clients where name_key = ?4 and revoked_at is null on conflict do nothing";
const QUEUE_GROUP: &str = "insert into deliveries (alert_seq, client_id, audience, state, queued_at)
    select ?1, c.id, ?3, 0, ?2 from client_groups g join client_group_members m on m.group_id = g.id
    join clients c on c.name_key = m.name_key and c.revoked_at is null where g.name_key = ?4 on conflict do nothing";
const IS_CLIENT: &str = "select 1 from clients where name_key = ?1 and revoked_at is null";
const RECIPIENTS: &str = "select client_id, c.name, audience from deliveries d join clients c on c.id = client_id
    where alert_seq = ?1 order by client_id";
const AUDIENCES: &str = "select kind, name from alert_audiences where alert_seq = ?1 order by position";
const REPEATED: &str = "select alert_id from idempotency where scope = ?1 and key = ?2 and created_at > ?3";
const REMEMBER: &str = "insert into idempotency (scope, key, alert_id, created_at) values (?1, ?2, ?3, ?4)
    on conflict (scope, key) do update set alert_id = excluded.alert_id, created_at = excluded.created_at";
const COUNTS: &str =
    "select state, count(*), count(coalesce(displayed_at, dismissed_at)) from deliveries where alert_seq = ?1 group by state";
const DELIVERIES: &str =
    "select d.client_id, c.name, d.state, d.queued_at, d.sent_at, d.delivered_at, d.displayed_at, d.dismissed_at, d.reply, d.replied_by
    from deliveries d join clients c on c.id = d.client_id where d.alert_seq = ?1 order by c.sort_key";
const WITHDRAW: &str = "update alerts set withdrawn_at = ?2, withdraw_reason = ?3 where seq = ?1 and withdrawn_at is null";
const WITHDRAW_DELIVERIES: &str = "update deliveries set state = 6 where alert_seq = ?1 and state < 4 returning client_id";

/// Recipients that the action log names.
const NAMED: usize = 20;

/// How long a retry with the same key gets the first answer.
pub(super) const RETRY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Saves an alert with a delivery for each recipient, or finds the one that an earlier try saved.
pub(super) fn record(tx: &Connection, actor: &Actor, new: &NewAlert) -> Result<Recorded, StoreError> {
    if let Some(first) = repeated(tx, new)? {
        return Ok(first);
    }
    let seq = next_seq(tx)?;
    let alert = alert_of(new, seq);
    insert(tx, &alert, new.dedup_key.as_deref())?;
    let unknown = queue(tx, seq, &alert.audience, new.sent_at)?;
    if let Some((scope, key)) = &new.idempotency {
        tx.prepare_cached(REMEMBER)?.execute(params![scope, key, new.id.to_string(), new.sent_at.as_millis()])?;
    }
    let recipients = recipients(tx, seq)?;
    actions::append(tx, new.sent_at, actor, "alert.send", &describe(&alert, &recipients))?;
    Ok(Recorded { alert, recipients, unknown, repeated: false })
}

pub(super) fn next_seq(tx: &Connection) -> Result<i64, StoreError> {
    Ok(tx.prepare_cached(NEXT_SEQ)?.query_row([], |row| row.get(0))?)
}

fn repeated(tx: &Connection, new: &NewAlert) -> Result<Option<Recorded>, StoreError> {
    let Some((scope, key)) = &new.idempotency else { return Ok(None) };
    let since = new.sent_at.plus_millis(-RETRY_MS).as_millis();
    let id = tx.prepare_cached(REPEATED)?.query_row(params![scope, key, since], |row| row::alert_id(row, 0)).optional()?;
    let Some(id) = id else { return Ok(None) };
    let alert = load(tx, id)?;
    let recipients = recipients(tx, alert.seq.cast_signed())?;
    let unknown = unknown_names(tx, &alert.audience)?;
    Ok(Some(Recorded { alert, recipients, unknown, repeated: true }))
}

fn alert_of(new: &NewAlert, seq: i64) -> Alert {
    let draft = &new.draft;
    Alert {
        id: new.id,
        seq: seq.max(0).cast_unsigned(),
        severity: draft.severity,
        title: draft.title.clone(),
        text: draft.text.clone(),
        from: new.from.clone(),
        audience: draft.audience.clone(),
        sent_at: new.sent_at,
        expires_at: draft.expires_at(new.sent_at),
        withdrawn_at: None,
        withdraw_reason: None,
        drill: draft.drill,
        replies: draft.replies.clone(),
        free_reply: draft.free_reply,
        replaces: None,
        replaced_by: None,
    }
}

/// Saves an alert and its audience, without deliveries.
pub(super) fn insert(tx: &Connection, alert: &Alert, dedup_key: Option<&str>) -> Result<(), StoreError> {
    let replies = serde_json::to_string(&alert.replies).unwrap_or_else(|_| "[]".into());
    tx.prepare_cached(INSERT)?.execute(params![
        alert.seq.cast_signed(),
        alert.id.to_string(),
        alert.severity.rank(),
        alert.title,
        alert.text,
        alert.from,
        alert.sent_at.as_millis(),
        alert.expires_at.map(Timestamp::as_millis),
        alert.drill,
        replies,
        dedup_key,
        alert.free_reply,
        alert.replaces.map(|id| id.to_string()),
    ])?;
    let mut statement = tx.prepare_cached(INSERT_AUDIENCE)?;
    for (position, audience) in (0_u32..).zip(&alert.audience) {
        statement.execute(params![alert.seq.cast_signed(), position, audience.kind(), audience.name(), key(audience)])?;
    }
    Ok(())
}

/// A delivery for each recipient; the names that belong to nobody are returned.
fn queue(tx: &Connection, seq: i64, audience: &[Audience], now: Timestamp) -> Result<Vec<String>, StoreError> {
    for (position, entry) in (0_u32..).zip(audience) {
        let statement = match entry {
            Audience::Global => {
                tx.prepare_cached(QUEUE_ALL)?.execute(params![seq, now.as_millis()])?;
                continue;
            }
            Audience::Group { .. } => QUEUE_GROUP,
            Audience::Private { .. } => QUEUE_ONE,
        };
        tx.prepare_cached(statement)?.execute(params![seq, now.as_millis(), position, key(entry)])?;
    }
    unknown_names(tx, audience)
}

/// The key of a group's or client's name; of what is no name, one that nobody has.
pub(super) fn key(audience: &Audience) -> String {
    Name::parse(audience.name()).map(|name| name.key().to_owned()).unwrap_or_default()
}

/// Clients and groups of an audience that do not exist, and members of groups that are not enrolled.
pub(super) fn unknown_names(tx: &Connection, audience: &[Audience]) -> Result<Vec<String>, StoreError> {
    let mut unknown = Vec::new();
    for entry in audience {
        match entry {
            Audience::Global => {}
            Audience::Private { name } => {
                if !tx.prepare_cached(IS_CLIENT)?.exists([key(entry)])? {
                    unknown.push(name.clone());
                }
            }
            Audience::Group { name } => match groups::find(tx, &key(entry))? {
                None => unknown.push(name.clone()),
                Some((id, _)) => unknown.extend(groups::members(tx, id)?.into_iter().filter(|m| m.client.is_none()).map(|m| m.name)),
            },
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    Ok(unknown)
}

pub(super) fn recipients(tx: &Connection, seq: i64) -> Result<Vec<Recipient>, StoreError> {
    let mut statement = tx.prepare_cached(RECIPIENTS)?;
    let rows =
        statement.query_map([seq], |row| Ok(Recipient { client: ClientId(row.get(0)?), name: row.get(1)?, audience: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whom an alert goes to, by name as long as they are few; the alert's id leads to the rest.
fn describe(alert: &Alert, recipients: &[Recipient]) -> String {
    let whom: Vec<String> =
        alert.audience.iter().take(5).map(|entry| format!("{} {}", entry.kind(), entry.name()).trim_end().to_owned()).collect();
    let more = if alert.audience.len() > 5 { ", …" } else { "" };
    let count = recipients.len();
    let names: Vec<&str> = recipients.iter().take(NAMED).map(|recipient| recipient.name.as_str()).collect();
    let names = match (count, count.saturating_sub(NAMED)) {
        (0, _) => String::new(),
        (_, 0) => format!(": {}", names.join(", ")),
        (_, rest) => format!(": {} and {rest} more", names.join(", ")),
    };
    format!("sent alert {} ({}) to {}{more}: {count} recipients{names}", alert.id, alert.severity, whom.join(", "))
}

/// An alert with its audience.
pub(super) fn load(tx: &Connection, id: AlertId) -> Result<Alert, StoreError> {
    let sql = format!("select {ALERT} from alerts a where a.id = ?1");
    let found = tx.prepare_cached(&sql)?.query_row([id.to_string()], row::alert).optional()?;
    let mut alert = found.ok_or(StoreError::Missing("the alert"))?;
    alert.audience = audiences(tx, alert.seq)?;
    Ok(alert)
}

pub(super) fn audiences(tx: &Connection, seq: u64) -> Result<Vec<Audience>, StoreError> {
    let mut statement = tx.prepare_cached(AUDIENCES)?;
    let rows = statement.query_map([seq.cast_signed()], |row| row::audience(row, 0, 1))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn counts(tx: &Connection, seq: u64) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let mut statement = tx.prepare_cached(COUNTS)?;
    let mut rows = statement.query([seq.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let (deliveries, seen): (i64, i64) = (row.get(1)?, row.get(2)?);
        counts.add(row::state(row, 0)?, deliveries.max(0).cast_unsigned(), seen.max(0).cast_unsigned());
    }
    Ok(counts)
}

/// Takes an alert back from everybody who has not dismissed it.
pub(super) fn withdraw(
    tx: &Connection,
    now: Timestamp,
    actor: &Actor,
    id: AlertId,
    reason: Option<&str>,
) -> Result<Withdrawal, StoreError> {
    let alert = load(tx, id)?;
    if tx.prepare_cached(WITHDRAW)?.execute(params![alert.seq.cast_signed(), now.as_millis(), reason])? == 0 {
        return Ok(Withdrawal { alert, recipients: Vec::new() });
    }
    let recipients = withdraw_deliveries(tx, alert.seq)?;
    actions::append(tx, now, actor, "alert.withdraw", &format!("withdrew alert {id}: {} had not dismissed it", recipients.len()))?;
    let moment = moments::Note { clients: Some(recipients.len()), reason, ..moments::Note::new("withdrawn") };
    moments::note(tx, now, actor, alert.seq, moment)?;
    let alert = Alert { withdrawn_at: Some(now), withdraw_reason: reason.map(str::to_owned), ..alert };
    Ok(Withdrawal { alert, recipients })
}

/// Ends every delivery that is not over; whom that concerns.
pub(super) fn withdraw_deliveries(tx: &Connection, seq: u64) -> Result<Vec<ClientId>, StoreError> {
    let mut statement = tx.prepare_cached(WITHDRAW_DELIVERIES)?;
    let rows = statement.query_map([seq.cast_signed()], |row| row.get(0).map(ClientId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// Saves an alert that somebody sends, with all its deliveries and what rules want of it later, in one transaction.
    pub async fn record_alert(&self, actor: &Actor, new: NewAlert, book: Arc<Rulebook>) -> Result<Recorded, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let recorded = record(tx, &actor, &new)?;
            if !recorded.repeated {
                following::begin(tx, new.sent_at, &recorded.alert, &book)?;
            }
            Ok(recorded)
        })
        .await
    }

    /// Takes an alert back, and what steps raised about it; a second time changes nothing.
    pub async fn withdraw_alert(
        &self,
        now: Timestamp,
        actor: &Actor,
        id: AlertId,
        reason: Option<String>,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let first = withdraw(tx, now, &actor, id, reason.as_deref())?;
            let copies = following::copies(tx, &first.alert)?;
            let mut all = vec![first];
            for copy in copies {
                all.push(withdraw(tx, now, &actor, copy, reason.as_deref())?);
            }
            Ok(all)
        })
        .await
    }

    pub async fn alert(&self, id: AlertId) -> Result<(Alert, Counts), StoreError> {
        self.read(move |tx| {
            let alert = load(tx, id)?;
            let counts = counts(tx, alert.seq)?;
            Ok((alert, counts))
        })
        .await
    }

    /// Every delivery of an alert, by the client's name.
    pub async fn deliveries(&self, id: AlertId) -> Result<Vec<Delivery>, StoreError> {
        self.read(move |tx| {
            let alert = load(tx, id)?;
            let mut statement = tx.prepare_cached(DELIVERIES)?;
            let rows = statement.query_map([alert.seq.cast_signed()], delivery)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn delivery(row: &rusqlite::Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        client: ClientId(row.get(0)?),
        client_name: row.get(1)?,
        state: row::state(row, 2)?,
        queued_at: row::time(row, 3)?,
        sent_at: row::maybe_time(row, 4)?,
        delivered_at: row::maybe_time(row, 5)?,
        displayed_at: row::maybe_time(row, 6)?,
        dismissed_at: row::maybe_time(row, 7)?,
        reply: row.get(8)?,
        replied_by: row.get(9)?,
    })
}
