//! API tokens: how a program proves who it is. Only the hash of a token is kept.

use hub_core::access::Scope;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::Timestamp;

use super::{Store, actions, row};
use crate::store::{Actor, ApiToken, Binding, NewToken, StoreError};

const COLUMNS: &str = "id, name, scope, created_at, created_by, last_used_at, group_name, severities";
const INSERT: &str = "insert into api_tokens (token_hash, name, name_key, scope, created_at, created_by, group_name, severities)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict do nothing returning id";
// A token acts under its name: it must not be taken for a person.
const IS_USER: &str = "select 1 from users where name_key = ?1";
const REVOKE: &str = "update api_tokens set revoked_at = ?2 where id = ?1 and revoked_at is null returning name";
const USED: &str = "update api_tokens set last_used_at = ?2 where id = ?1";

impl Store {
    pub async fn add_token(&self, now: Timestamp, actor: &Actor, new: NewToken) -> Result<i64, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(IS_USER)?.exists([new.name.key()])? {
                return Err(StoreError::Exists("a user of this name"));
            }
            let severities = serde_json::to_string(&new.binding.severities).unwrap_or_else(|_| "{}".into());
            let values = params![
                new.token_hash,
                new.name.as_str(),
                new.name.key(),
                new.scope.as_str(),
                now.as_millis(),
                actor.0,
                new.binding.group,
                severities,
            ];
            let id: Option<i64> = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0)).optional()?;
            let id = id.ok_or(StoreError::Exists("a token of this name"))?;
            let group = new.binding.group.map(|group| format!(", group {group}")).unwrap_or_default();
            let detail = format!("made token {id} for {}, scope {}{group}", new.name, new.scope.as_str());
            actions::append(tx, now, &actor, "token.create", &detail)?;
            Ok(id)
        })
        .await
    }

    /// Tokens that are good, newest first.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        self.read(|tx| {
            let sql = format!("select {COLUMNS} from api_tokens where revoked_at is null order by id desc limit 1000");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([], token)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The token of this hash, unless it was revoked.
    pub async fn token(&self, token_hash: [u8; 32]) -> Result<Option<ApiToken>, StoreError> {
        self.read(move |tx| {
            let sql = format!("select {COLUMNS} from api_tokens where token_hash = ?1 and revoked_at is null");
            Ok(tx.prepare_cached(&sql)?.query_row([token_hash], token).optional()?)
        })
        .await
    }

    /// The token was used; called at most once a minute for each.
    pub async fn touch_token(&self, now: Timestamp, id: i64) -> Result<(), StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(USED)?.execute(params![id, now.as_millis()]).map(drop)?)).await
    }

    pub async fn revoke_token(&self, now: Timestamp, actor: &Actor, id: i64) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let revoked: Option<String> =
                tx.prepare_cached(REVOKE)?.query_row(params![id, now.as_millis()], |row| row.get(0)).optional()?;
            let name = revoked.ok_or(StoreError::Missing("the token"))?;
            actions::append(tx, now, &actor, "token.revoke", &format!("revoked token {id} of {name}"))
        })
        .await
    }
}

/// A token by its number, revoked or not.
pub(super) fn by_id(tx: &Connection, id: i64) -> Result<ApiToken, StoreError> {
    let sql = format!("select {COLUMNS} from api_tokens where id = ?1");
    let found = tx.prepare_cached(&sql)?.query_row([id], token).optional()?;
    found.ok_or(StoreError::Missing("the token"))
}

fn token(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    Ok(ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        scope: Scope::parse(row.get_ref(2)?.as_str()?).ok_or_else(|| row::broken(2, Type::Text))?,
        created_at: row::time(row, 3)?,
        created_by: row.get(4)?,
        last_used_at: row::maybe_time(row, 5)?,
        binding: Binding {
            group: row.get(6)?,
            severities: serde_json::from_str(row.get_ref(7)?.as_str()?).map_err(|_| row::broken(7, Type::Text))?,
        },
    })
}
