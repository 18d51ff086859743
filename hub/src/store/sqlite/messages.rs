//! What branches write to the technicians, and who took care of it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::{AlertId, Timestamp};

use super::{Store, actions, row};
use crate::store::{Actor, Message, MessageFilter, NewMessage, Page, StoreError};

const COLUMNS: &str = "m.id, c.name, m.text, m.created_at, m.handled_at, m.handled_by, m.answer_id";
const INSERT: &str = "insert into branch_messages (client_id, created_at, text, message_id) values (?1, ?2, ?3, ?4)
    on conflict (client_id, message_id) where message_id is not null do nothing returning id";
const FIRST: &str = "select id from branch_messages where client_id = ?1 and message_id = ?2";
const OPEN: &str = "select count(*) from branch_messages where handled_at is null";
const HANDLE: &str = "update branch_messages set handled_at = ?2, handled_by = ?3, answer_id = coalesce(?4, answer_id)
    where id = ?1 and (handled_at is null or ?4 is not null)";
const REOPEN: &str = "update branch_messages set handled_at = null, handled_by = null where id = ?1 and handled_at is not null";

impl Store {
    /// Keeps what a branch wrote; true when it is new.
    pub async fn add_message(&self, now: Timestamp, new: NewMessage) -> Result<(i64, bool), StoreError> {
        self.write(move |tx| {
            let values = params![new.client.0, now.as_millis(), new.text, new.id];
            if let Some(id) = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0)).optional()? {
                return Ok((id, true));
            }
            let first = tx.prepare_cached(FIRST)?.query_row(params![new.client.0, new.id], |row| row.get(0))?;
            Ok((first, false))
        })
        .await
    }

    /// Messages that fit, newest first.
    pub async fn messages(&self, filter: MessageFilter, before: Option<i64>, limit: u32) -> Result<Page<Message>, StoreError> {
        self.read(move |tx| {
            let from = "from branch_messages m join clients c on c.id = m.client_id
                where (not ?1 or m.handled_at is null) and (?2 is null or c.name_key = ?2)";
            let client = filter.client.as_ref().map(|name| name.key());
            let count = format!("select count(*) {from}");
            let total: i64 = tx.prepare_cached(&count)?.query_row(params![filter.open, client], |row| row.get(0))?;
            let sql = format!("select {COLUMNS} {from} and (?3 is null or m.id < ?3) order by m.id desc limit ?4");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![filter.open, client, before, limit + 1], message)?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |message| message.id.to_string());
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// How many messages wait for somebody.
    pub async fn open_messages(&self) -> Result<u64, StoreError> {
        self.read(|tx| Ok(tx.prepare_cached(OPEN)?.query_row([], |row| row.get::<_, i64>(0))?.max(0).cast_unsigned())).await
    }

    pub async fn message(&self, id: i64) -> Result<Message, StoreError> {
        self.read(move |tx| load(tx, id)).await
    }

    /// Somebody took care of a message, perhaps with an alert as the answer; a second time changes nothing.
    pub async fn handle_message(&self, now: Timestamp, actor: &Actor, id: i64, answer: Option<AlertId>) -> Result<Message, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let message = load(tx, id)?;
            let values = params![id, now.as_millis(), actor.0, answer.map(|id| id.to_string())];
            if tx.prepare_cached(HANDLE)?.execute(values)? > 0 {
                let how = answer.map_or_else(|| "marked as handled".to_owned(), |answer| format!("answered with alert {answer}"));
                actions::append(tx, now, &actor, "message.handle", &format!("message {id} of {}: {how}", message.client))?;
            }
            load(tx, id)
        })
        .await
    }

    /// A message waits for somebody again.
    pub async fn reopen_message(&self, now: Timestamp, actor: &Actor, id: i64) -> Result<Message, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let message = load(tx, id)?;
            if tx.prepare_cached(REOPEN)?.execute([id])? > 0 {
                actions::append(tx, now, &actor, "message.reopen", &format!("message {id} of {}: waits again", message.client))?;
            }
            load(tx, id)
        })
        .await
    }
}

fn load(tx: &Connection, id: i64) -> Result<Message, StoreError> {
    let sql = format!("select {COLUMNS} from branch_messages m join clients c on c.id = m.client_id where m.id = ?1");
    let found = tx.prepare_cached(&sql)?.query_row([id], message).optional()?;
    found.ok_or(StoreError::Missing("the message"))
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let has_answer = !matches!(row.get_ref(6)?, rusqlite::types::ValueRef::Null);
    Ok(Message {
        id: row.get(0)?,
        client: row.get(1)?,
        text: row.get(2)?,
        at: row::time(row, 3)?,
        handled_at: row::maybe_time(row, 4)?,
        handled_by: row.get(5)?,
        answer: has_answer.then(|| row::alert_id(row, 6)).transpose()?,
    })
}
