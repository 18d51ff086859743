//! From columns to our types.

use hub_core::alert::State;
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use shared::{AlertId, Audience, Severity, Timestamp};

use crate::store::Alert;

/// Columns of `alerts a` in the order that [`alert`] reads.
pub(super) const ALERT: &str =
    "a.seq, a.id, a.severity, a.title, a.text, a.sender, a.sent_at, a.expires_at, a.withdrawn_at, a.withdraw_reason, a.drill, a.replies,
    a.free_reply, a.replaces, a.replaced_by";
/// How many columns [`ALERT`] has.
pub(super) const ALERT_WIDTH: usize = 15;

/// An alert without its audience, which has rows of its own.
pub(super) fn alert(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        seq: row.get::<_, i64>(0)?.max(0).cast_unsigned(),
        id: alert_id(row, 1)?,
        severity: severity(row, 2)?,
        title: row.get(3)?,
        text: row.get(4)?,
        from: row.get(5)?,
        audience: Vec::new(),
        sent_at: time(row, 6)?,
        expires_at: maybe_time(row, 7)?,
        withdrawn_at: maybe_time(row, 8)?,
        withdraw_reason: row.get(9)?,
        drill: row.get(10)?,
        replies: serde_json::from_str(&row.get::<_, String>(11)?).map_err(|_| broken(11, Type::Text))?,
        free_reply: row.get(12)?,
        replaces: maybe_alert_id(row, 13)?,
        replaced_by: maybe_alert_id(row, 14)?,
    })
}

pub(super) fn severity(row: &Row<'_>, column: usize) -> rusqlite::Result<Severity> {
    Severity::from_rank(row.get(column)?).ok_or_else(|| broken(column, Type::Integer))
}

pub(super) fn alert_id(row: &Row<'_>, column: usize) -> rusqlite::Result<AlertId> {
    AlertId::parse(row.get_ref(column)?.as_str()?).map_err(|_| broken(column, Type::Text))
}

pub(super) fn maybe_alert_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AlertId>> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null { Ok(None) } else { alert_id(row, column).map(Some) }
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

pub(super) fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    State::from_rank(row.get(column)?).ok_or_else(|| broken(column, Type::Integer))
}

pub(super) fn audience(row: &Row<'_>, kind: usize, name: usize) -> rusqlite::Result<Audience> {
    let name: String = row.get(name)?;
    match row.get_ref(kind)?.as_str()? {
        "global" => Ok(Audience::Global),
        "group" => Ok(Audience::Group { name }),
        "private" => Ok(Audience::Private { name }),
        _ => Err(broken(kind, Type::Text)),
    }
}

pub(super) fn broken(column: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(FromSqlError::InvalidType))
}

/// Drops the row beyond `limit`, and says the cursor of what follows if there was one.
pub(super) fn cut_page<T>(found: &mut Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Option<String> {
    let limit = limit as usize;
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(cursor)
}
