//! Users of the panel.

use hub_core::access::Role;
use hub_core::limits::Limits;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, Row, params};
use shared::{Name, Timestamp};

use super::{Store, actions, limits, row};
use crate::store::{Actor, StoreError, User};

/// Columns of `users u` in the order that [`user`] reads.
pub(super) const USER: &str = "u.id, u.name, u.role, u.password_hash, u.created_at, u.theme, u.language,
    (select f.confirmed_at from second_factors f where f.user_id = u.id)";
/// How many columns [`USER`] has.
pub(super) const USER_WIDTH: usize = 8;
const INSERT: &str = "insert into users (name, name_key, role, password_hash, created_at) values (?1, ?2, ?3, ?4, ?5)
    on conflict (name_key) do nothing";
// Programs act under their token's name: nobody must be taken for one.
const IS_TOKEN: &str = "select 1 from api_tokens where name_key = ?1 and revoked_at is null";
const DELETE: &str = "delete from users where name_key = ?1 returning name";
const SET_PASSWORD: &str = "update users set password_hash = ?2 where name_key = ?1 returning id, name";
const SET_ROLE: &str = "update users set role = ?2 where name_key = ?1 returning id, name";
const END_SESSIONS: &str = "delete from panel_sessions where user_id = ?1";
const CHANGE_OWN: &str = "update users set password_hash = ?2 where id = ?1";
const END_OTHERS: &str = "delete from panel_sessions where user_id = ?1 and token_hash <> ?2 returning token_hash";
const SET_PREFERENCES: &str = "update users set theme = ?2, language = ?3 where id = ?1";

impl Store {
    pub async fn user(&self, name: &Name) -> Result<Option<User>, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| {
            let sql = format!("select {USER} from users u where name_key = ?1");
            Ok(tx.prepare_cached(&sql)?.query_row([key], user).optional()?)
        })
        .await
    }

    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read(|tx| {
            let sql = format!("select {USER} from users u order by name_key limit 1000");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([], user)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn add_user(
        &self,
        now: Timestamp,
        actor: &Actor,
        name: &Name,
        role: Role,
        password_hash: String,
        limits: Limits,
    ) -> Result<(), StoreError> {
        let (actor, name) = (actor.clone(), name.clone());
        self.write(move |tx| {
            if tx.prepare_cached(IS_TOKEN)?.exists([name.key()])? {
                return Err(StoreError::Exists("a token of this name"));
            }
            let values = params![name.as_str(), name.key(), role.as_str(), password_hash, now.as_millis()];
            if tx.prepare_cached(INSERT)?.execute(values)? == 0 {
                return Err(StoreError::Exists("a user of this name"));
            }
            actions::append(tx, now, &actor, "user.create", &format!("created user {name} as {}", role.as_str()))?;
            if limits.is_unlimited() { Ok(()) } else { limits::set(tx, now, &actor, name.key(), &limits) }
        })
        .await
    }

    /// Removes a user and ends every log-in of theirs.
    pub async fn remove_user(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<(), StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let removed: Option<String> = tx.prepare_cached(DELETE)?.query_row([key], |row| row.get(0)).optional()?;
            let name = removed.ok_or(StoreError::Missing("the user"))?;
            actions::append(tx, now, &actor, "user.delete", &format!("deleted user {name}"))
        })
        .await
    }

    /// Changes a password and ends every log-in of the user.
    pub async fn set_password(&self, now: Timestamp, actor: &Actor, name: &Name, password_hash: String) -> Result<(), StoreError> {
        self.change_user(now, actor, name, SET_PASSWORD, password_hash, "changed the password of user").await
    }

    /// Changes somebody's own password. Every other log-in of theirs ends; the tokens of those are returned.
    pub async fn change_own_password(
        &self,
        now: Timestamp,
        actor: &Actor,
        user: i64,
        password_hash: String,
        keep: [u8; 32],
    ) -> Result<Vec<[u8; 32]>, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(CHANGE_OWN)?.execute(params![user, password_hash])? == 0 {
                return Err(StoreError::Missing("the user"));
            }
            let ended = tx.prepare_cached(END_OTHERS)?.query_map(params![user, keep], |row| row.get(0))?.collect::<Result<_, _>>()?;
            actions::append(tx, now, &actor, "user.change", "changed their own password")?;
            Ok(ended)
        })
        .await
    }

    /// Changes a role and ends every log-in of the user.
    pub async fn set_role(&self, now: Timestamp, actor: &Actor, name: &Name, role: Role) -> Result<(), StoreError> {
        self.change_user(now, actor, name, SET_ROLE, role.as_str().into(), "changed the role of user").await
    }

    async fn change_user(
        &self,
        now: Timestamp,
        actor: &Actor,
        name: &Name,
        statement: &'static str,
        value: String,
        what: &'static str,
    ) -> Result<(), StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let changed: Option<(i64, String)> =
                tx.prepare_cached(statement)?.query_row(params![key, value], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (id, name) = changed.ok_or(StoreError::Missing("the user"))?;
            tx.prepare_cached(END_SESSIONS)?.execute([id])?;
            actions::append(tx, now, &actor, "user.change", &format!("{what} {name}"))
        })
        .await
    }

    /// Theme and language follow the user, not the browser.
    pub async fn set_preferences(&self, user: i64, theme: String, language: String) -> Result<(), StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(SET_PREFERENCES)?.execute(params![user, theme, language]).map(drop)?)).await
    }
}

pub(super) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        role: Role::parse(row.get_ref(2)?.as_str()?).ok_or_else(|| row::broken(2, Type::Text))?,
        password_hash: row.get(3)?,
        created_at: row::time(row, 4)?,
        theme: row.get(5)?,
        language: row.get(6)?,
        totp_since: row::maybe_time(row, 7)?,
    })
}
