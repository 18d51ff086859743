//! Log-ins to the panel: only the hash of their token is kept.

use rusqlite::{OptionalExtension as _, params};
use shared::Timestamp;

use super::users::{USER, user};
use super::{Store, actions, row};
use crate::store::{Actor, PanelSession, StoreError};

const INSERT: &str = "insert into panel_sessions (token_hash, user_id, created_at, used_at, ends_at) values (?1, ?2, ?3, ?3, ?4)";
const USED: &str = "update panel_sessions set used_at = ?2 where token_hash = ?1";
const DELETE: &str = "delete from panel_sessions where token_hash = ?1";
const FORGET: &str = "delete from panel_sessions where ends_at < ?1";

impl Store {
    pub async fn add_session(
        &self,
        now: Timestamp,
        actor: &Actor,
        user: i64,
        token_hash: [u8; 32],
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            tx.prepare_cached(FORGET)?.execute([now.as_millis()])?;
            tx.prepare_cached(INSERT)?.execute(params![token_hash, user, now.as_millis(), ends_at.as_millis()])?;
            actions::append(tx, now, &actor, "session.login", "logged in")
        })
        .await
    }

    pub async fn session(&self, token_hash: [u8; 32]) -> Result<Option<PanelSession>, StoreError> {
        self.read(move |tx| {
            let sql =
                format!("select {USER}, s.used_at, s.ends_at from panel_sessions s join users u on u.id = s.user_id where token_hash = ?1");
            let found = tx.prepare_cached(&sql)?.query_row([token_hash], |row| {
                Ok(PanelSession { user: user(row)?, used_at: row::time(row, 7)?, ends_at: row::time(row, 8)? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// The session was used; called at most once a minute for each.
    pub async fn touch_session(&self, now: Timestamp, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(USED)?.execute(params![token_hash, now.as_millis()]).map(drop)?)).await
    }

    pub async fn end_session(&self, now: Timestamp, actor: &Actor, token_hash: [u8; 32]) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            tx.prepare_cached(DELETE)?.execute([token_hash])?;
            actions::append(tx, now, &actor, "session.logout", "logged out")
        })
        .await
    }
}
