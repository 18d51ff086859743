//! What is to leave the hub: written in the transaction of what it is about, claimed by the courier, tried until it is done.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::Timestamp;

use super::emails::{self, Attempt};
use crate::store::{Dispatch, EmailLog, EmailStatus, Pace, StoreError, To};

const INSERT: &str =
    "insert into outgoing (kind, stable_key, bundle, event_id, alert_id, recipient, subject, payload, state, created_at, due_at)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) on conflict (stable_key) do nothing";
const PACE: &str = "insert into outgoing_pace (name, began_at, count) values (?1, ?2, 1) on conflict (name) do update set
    count = case when ?2 - began_at between 0 and ?3 - 1 then count + 1 else 1 end,
    began_at = case when ?2 - began_at between 0 and ?3 - 1 then began_at else ?2 end
    returning began_at, count";
const OPERATORS: &str = "select value from meta where key = 'mail_to'";

/// When a notice leaves, and with which others.
struct Departure {
    due_at: Timestamp,
    bundle: Option<String>,
}

/// Puts a notice into the queue, once for each recipient; what cannot be mailed is recorded as skipped.
///
/// The attempts that are already decided: those that were skipped.
pub(super) fn enqueue(tx: &Connection, now: Timestamp, notice: &Dispatch) -> Result<Vec<EmailLog>, StoreError> {
    let (kind, recipients) = match &notice.to {
        To::Webhook(name) => ("webhook", vec![name.clone()]),
        mail => match mailboxes(tx, mail)? {
            Ok(mailboxes) => ("mail", mailboxes),
            Err(reason) => return skip(tx, now, notice, reason),
        },
    };
    let departure = departure(tx, now, notice.pace.as_ref())?;
    let payload = serde_json::to_string(&notice.letter).map_err(|err| StoreError::Database(err.to_string()))?;
    for recipient in recipients {
        tx.prepare_cached(INSERT)?.execute(params![
            kind,
            format!("{kind}:{}:{recipient}", notice.key),
            departure.bundle,
            notice.event,
            notice.alert.map(|id| id.to_string()),
            recipient,
            notice.letter.subject,
            payload,
            "waiting",
            now.as_millis(),
            departure.due_at.as_millis(),
        ])?;
    }
    Ok(Vec::new())
}

/// The mailboxes that are meant, or why there are none.
fn mailboxes(tx: &Connection, to: &To) -> Result<Result<Vec<String>, &'static str>, StoreError> {
    let Some(operators) = tx.prepare_cached(OPERATORS)?.query_row([], |row| row.get::<_, String>(0)).optional()? else {
        return Ok(Err("mail is not configured: set smtp.host, smtp.from and smtp.to"));
    };
    let mailboxes: Vec<String> = match to {
        To::Mailboxes(mailboxes) => mailboxes.clone(),
        To::Operators | To::Webhook(_) => operators.lines().map(str::to_owned).collect(),
    };
    Ok(if mailboxes.is_empty() { Err("nobody to mail to: set smtp.to") } else { Ok(mailboxes) })
}

fn skip(tx: &Connection, now: Timestamp, notice: &Dispatch, reason: &str) -> Result<Vec<EmailLog>, StoreError> {
    let attempt = Attempt {
        event: notice.event,
        alert: notice.alert,
        recipient: "",
        subject: &notice.letter.subject,
        status: EmailStatus::Skipped,
        detail: reason,
    };
    Ok(vec![emails::append(tx, now, attempt)?])
}

fn departure(tx: &Connection, now: Timestamp, pace: Option<&Pace>) -> Result<Departure, StoreError> {
    let Some(pace) = pace else { return Ok(Departure { due_at: now, bundle: None }) };
    let values = params![pace.name, now.as_millis(), pace.window_ms];
    let (began_at, count): (i64, i64) = tx.prepare_cached(PACE)?.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if count <= pace.alone {
        return Ok(Departure { due_at: now, bundle: None });
    }
    let end = Timestamp::from_millis(began_at).plus_millis(pace.window_ms);
    Ok(Departure { due_at: end, bundle: Some(format!("{}@{}", pace.name, end.as_millis())) })
}
