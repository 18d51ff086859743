//! Log-ins to the panel: only the hash of their token is kept.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::Timestamp;

use super::users::{USER, USER_WIDTH, user};
use super::{Store, actions, row};
use crate::store::{Actor, ListedSession, NewSession, Origin, PanelSession, StoreError};

const INSERT: &str = "insert into panel_sessions (token_hash, user_id, created_at, used_at, ends_at, address, agent)
    values (?1, ?2, ?3, ?3, ?4, ?5, ?6)";
const USED: &str = "update panel_sessions set used_at = ?2 where token_hash = ?1";
const DELETE: &str = "delete from panel_sessions where token_hash = ?1";
const FORGET: &str = "delete from panel_sessions where ends_at < ?1";
const OTHERS: &str = "delete from panel_sessions where user_id = ?1 and token_hash <> ?2 returning token_hash";
const ALL_OF: &str = "delete from panel_sessions where user_id = ?1";
/// More log-ins are never listed at once.
const LISTED: u32 = 1_000;

impl Store {
    pub async fn add_session(&self, now: Timestamp, actor: &Actor, new: NewSession) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            tx.prepare_cached(FORGET)?.execute([now.as_millis()])?;
            let Origin { address, agent } = &new.origin;
            let ends_at = new.ends_at.as_millis();
            tx.prepare_cached(INSERT)?.execute(params![new.token_hash, new.user, now.as_millis(), ends_at, address, agent])?;
            let recovery = new.codes_left.map(|left| format!(" with a recovery code, {left} are left")).unwrap_or_default();
            actions::append(tx, now, &actor, "session.login", &format!("logged in from {address}{recovery}"))
        })
        .await
    }

    pub async fn session(&self, token_hash: [u8; 32]) -> Result<Option<PanelSession>, StoreError> {
        self.read(move |tx| {
            let sql =
                format!("select {USER}, s.used_at, s.ends_at from panel_sessions s join users u on u.id = s.user_id where token_hash = ?1");
            let found = tx.prepare_cached(&sql)?.query_row([token_hash], |row| {
                Ok(PanelSession { user: user(row)?, used_at: row::time(row, USER_WIDTH)?, ends_at: row::time(row, USER_WIDTH + 1)? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// The log-ins of a user, or of everybody, latest used first.
    pub async fn sessions(&self, now: Timestamp, of: Option<i64>) -> Result<Vec<ListedSession>, StoreError> {
        self.read(move |tx| {
            let sql = format!(
                "select {USER}, s.used_at, s.ends_at, s.created_at, s.address, s.agent, s.token_hash
                from panel_sessions s join users u on u.id = s.user_id
                where s.ends_at > ?1 and (?2 is null or s.user_id = ?2) order by s.used_at desc, s.token_hash limit ?3"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![now.as_millis(), of, LISTED], listed)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The session was used; called at most once a minute for each.
    pub async fn touch_session(&self, now: Timestamp, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(USED)?.execute(params![token_hash, now.as_millis()]).map(drop)?)).await
    }

    pub async fn end_session(&self, now: Timestamp, actor: &Actor, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.end_session_because(now, actor, token_hash, "session.logout", "logged out".into()).await
    }

    /// Ends a log-in, whoever's it is, with a line of the action log that says why.
    pub async fn end_session_because(
        &self,
        now: Timestamp,
        actor: &Actor,
        token_hash: [u8; 32],
        action: &'static str,
        detail: String,
    ) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(DELETE)?.execute([token_hash])? == 0 {
                return Err(StoreError::Missing("the log-in"));
            }
            actions::append(tx, now, &actor, action, &detail)
        })
        .await
    }

    /// Ends every log-in of a user but one; the tokens of those that ended.
    pub async fn end_other_sessions(&self, now: Timestamp, actor: &Actor, of: i64, keep: [u8; 32]) -> Result<Vec<[u8; 32]>, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let mut statement = tx.prepare_cached(OTHERS)?;
            let ended: Vec<[u8; 32]> = statement.query_map(params![of, keep], |row| row.get(0))?.collect::<Result<_, _>>()?;
            if !ended.is_empty() {
                actions::append(tx, now, &actor, "session.end", &format!("ended {} other log-ins of their own", ended.len()))?;
            }
            Ok(ended)
        })
        .await
    }

    /// Ends every log-in of a user.
    pub async fn end_sessions_of(&self, now: Timestamp, actor: &Actor, of: i64, detail: String) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            end_all_of(tx, of)?;
            actions::append(tx, now, &actor, "session.end", &detail)
        })
        .await
    }
}

pub(super) fn end_all_of(tx: &Connection, user: i64) -> Result<(), StoreError> {
    Ok(tx.prepare_cached(ALL_OF)?.execute([user]).map(drop)?)
}

fn listed(row: &Row<'_>) -> rusqlite::Result<ListedSession> {
    Ok(ListedSession {
        user: user(row)?,
        used_at: row::time(row, USER_WIDTH)?,
        ends_at: row::time(row, USER_WIDTH + 1)?,
        started_at: row::time(row, USER_WIDTH + 2)?,
        origin: Origin { address: row.get(USER_WIDTH + 3)?, agent: row.get(USER_WIDTH + 4)? },
        token_hash: row.get(USER_WIDTH + 5)?,
    })
}
