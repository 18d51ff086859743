//! Looking through the action log: filtered pages, newest first, and how far somebody has read.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Store, row};
use crate::store::{ActionFilter, ActionPage, LoggedAction, StoreError};

// Each condition is off while its parameter is null. `instr` knows no wildcards, so nothing has to be escaped.
const WHERE: &str = "(?1 is null or at >= ?1) and (?2 is null or at < ?2) and (?3 is null or lower(actor) = lower(?3))
    and (?4 is null or instr(lower(detail), lower(?4)) > 0 or instr(lower(action), lower(?4)) > 0)";
const READ: &str = "select actions_read_seq from users where id = ?1";
// The line never goes back: two tabs may report in any order.
const SET_READ: &str = "update users set actions_read_seq = ?2 where id = ?1 and actions_read_seq < ?2";
const NEWEST: &str = "select coalesce(max(seq), 0) from action_log";

impl Store {
    /// A page of the action log, newest first.
    pub async fn actions(&self, filter: ActionFilter, limit: u32) -> Result<ActionPage, StoreError> {
        self.read(move |tx| {
            let mut actions = page(tx, &filter, limit)?;
            let next = match actions.len() > limit as usize {
                true => {
                    actions.truncate(limit as usize);
                    actions.last().map(|action| action.seq)
                }
                false => None,
            };
            let sql = format!("select count(*) from action_log where {WHERE}");
            let total: i64 = tx.prepare_cached(&sql)?.query_row(params_from_iter(conditions(&filter)), |row| row.get(0))?;
            Ok(ActionPage { actions, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// The last row of the action log that this user has read.
    pub async fn actions_read(&self, user: i64) -> Result<i64, StoreError> {
        self.read(move |tx| Ok(tx.prepare_cached(READ)?.query_row([user], |row| row.get(0))?)).await
    }

    /// The user has read up to this row, and not beyond the newest; how far that is.
    pub async fn set_actions_read(&self, user: i64, seq: i64) -> Result<i64, StoreError> {
        self.write(move |tx| {
            let newest: i64 = tx.prepare_cached(NEWEST)?.query_row([], |row| row.get(0))?;
            tx.prepare_cached(SET_READ)?.execute([user, seq.min(newest)])?;
            Ok(tx.prepare_cached(READ)?.query_row([user], |row| row.get(0))?)
        })
        .await
    }
}

/// One row more than asked for, if there is one.
fn page(tx: &Connection, filter: &ActionFilter, limit: u32) -> Result<Vec<LoggedAction>, StoreError> {
    let sql = format!(
        "select seq, at, actor, action, detail from action_log where {WHERE} and (?5 is null or seq < ?5) order by seq desc limit ?6"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let rest = [filter.before.into(), i64::from(limit).saturating_add(1).into()];
    let rows = statement.query_map(params_from_iter(conditions(filter).into_iter().chain(rest)), |row| {
        Ok(LoggedAction { seq: row.get(0)?, at: row::time(row, 1)?, user: row.get(2)?, action: row.get(3)?, detail: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn conditions(filter: &ActionFilter) -> [Value; 4] {
    let time = |at: Option<shared::Timestamp>| at.map(shared::Timestamp::as_millis).into();
    [time(filter.from), time(filter.until), filter.user.clone().into(), filter.text.clone().into()]
}
