//! The audit of mail: every attempt is a row.

use std::sync::LazyLock;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, ToSql, params};
use shared::{AlertId, Timestamp};

use super::bulk::{self, Bulk};
use super::{Store, row};
use crate::store::{EmailCounts, EmailFilter, EmailLog, EmailStatus, Page, StoreError};

const INSERT: &str = "insert into email_alerts (event_id, created_at, recipient, status, detail, subject, alert_id)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const LIST: &str = "select id, event_id, created_at, recipient, status, detail, subject, alert_id from email_alerts
    where (?1 is null or id < ?1) and (?2 is null or status = ?2) and (?3 is null or event_id = ?3)
    and (?4 is null or created_at >= ?4)
    and (?5 is null or instr(lower(recipient || char(10) || subject || char(10) || detail), ?5) > 0)
    order by id desc limit ?6";
const COUNT: &str = "select count(*) from email_alerts
    where (?1 is null or status = ?1) and (?2 is null or event_id = ?2) and (?3 is null or created_at >= ?3)
    and (?4 is null or instr(lower(recipient || char(10) || subject || char(10) || detail), ?4) > 0)";
const BY_STATUS: &str = "select status, count(*) from email_alerts group by status limit 10";

/// Why an event that joined an incident is not mailed.
const TOLD_BEFORE: &str = "one with an event before it, which was mailed";

/// An attempt about to be written down.
pub(super) struct Attempt<'a> {
    pub event: Option<i64>,
    pub alert: Option<AlertId>,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub status: EmailStatus,
    pub detail: &'a str,
}

pub(super) fn append(tx: &Connection, now: Timestamp, attempt: Attempt<'_>) -> Result<EmailLog, StoreError> {
    let Attempt { event, alert, recipient, subject, status, detail } = attempt;
    let alert_id = alert.map(|id| id.to_string());
    let values = params![event, now.as_millis(), recipient, status.as_str(), detail, subject, alert_id];
    tx.prepare_cached(INSERT)?.execute(values)?;
    Ok(EmailLog {
        id: tx.last_insert_rowid(),
        event_id: event,
        alert_id: alert,
        created_at: now,
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        status,
        detail: detail.to_owned(),
    })
}

/// An event that its incident had told already.
pub(super) struct Unmailed<'a> {
    pub event: i64,
    pub subject: &'a str,
}

/// Of events that were told together with one before them: number and subject of each.
static UNMAILED: Bulk = LazyLock::new(|| {
    let head = "insert into email_alerts (created_at, recipient, status, detail, event_id, subject) values";
    bulk::statements(head, 2, 2, |own| format!("(?1, '', 'skipped', ?2, ?{own}, ?{})", own + 1), "")
});

/// A row of [`append_unmailed`], for whoever looks at the audit.
pub(super) fn unmailed(id: i64, now: Timestamp, event: i64, subject: String) -> EmailLog {
    EmailLog {
        id,
        event_id: Some(event),
        alert_id: None,
        created_at: now,
        recipient: String::new(),
        subject,
        status: EmailStatus::Skipped,
        detail: TOLD_BEFORE.into(),
    }
}

/// Says of events why there is no mail of their own. The number of the first row, the others follow it.
pub(super) fn append_unmailed(tx: &Connection, now: Timestamp, events: &[Unmailed<'_>]) -> Result<Option<i64>, StoreError> {
    if events.is_empty() {
        return Ok(None);
    }
    let rows: Vec<[&dyn ToSql; 2]> = events.iter().map(|one| [&one.event as &dyn ToSql, &one.subject]).collect();
    bulk::write(tx, UNMAILED.as_slice(), &[&now.as_millis(), &TOLD_BEFORE], &rows)?;
    // Invariant: what the one writer adds in one go is numbered without a gap.
    Ok(Some(tx.last_insert_rowid() - i64::try_from(events.len()).unwrap_or_default() + 1))
}

impl Store {
    /// Attempts to mail, newest first.
    pub async fn emails(&self, filter: EmailFilter, before: Option<i64>, limit: u32) -> Result<Page<EmailLog>, StoreError> {
        self.read(move |tx| {
            let EmailFilter { status, event, search, since } = filter;
            let (status, since) = (status.map(EmailStatus::as_str), since.map(Timestamp::as_millis));
            let search = search.map(|text| text.to_lowercase());
            let total: i64 = tx.prepare_cached(COUNT)?.query_row(params![status, event, since, search], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map(params![before, status, event, since, search, limit + 1], email)?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |email| email.id.to_string());
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    pub async fn email_counts(&self) -> Result<EmailCounts, StoreError> {
        self.read(|tx| {
            let mut counts = EmailCounts::default();
            let mut statement = tx.prepare_cached(BY_STATUS)?;
            let rows = statement.query_map([], |row| Ok((status(row, 0)?, row.get::<_, i64>(1)?.max(0).cast_unsigned())))?;
            for row in rows {
                let (status, count) = row?;
                *match status {
                    EmailStatus::Sent => &mut counts.sent,
                    EmailStatus::Failed => &mut counts.failed,
                    EmailStatus::Skipped => &mut counts.skipped,
                } = count;
            }
            Ok(counts)
        })
        .await
    }
}

fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<EmailStatus> {
    EmailStatus::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| row::broken(column, Type::Text))
}

fn email(row: &Row<'_>) -> rusqlite::Result<EmailLog> {
    let alert: Option<String> = row.get(7)?;
    Ok(EmailLog {
        id: row.get(0)?,
        event_id: row.get(1)?,
        created_at: row::time(row, 2)?,
        recipient: row.get(3)?,
        status: status(row, 4)?,
        detail: row.get(5)?,
        subject: row.get(6)?,
        alert_id: alert.map(|id| AlertId::parse(&id).map_err(|_| row::broken(7, Type::Text))).transpose()?,
    })
}
