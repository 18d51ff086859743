//! What technicians are limited to, and whom an audience reaches.

use std::collections::BTreeSet;

use hub_core::limits::Limits;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Audience, Name, Timestamp};

use super::{Store, actions, alerts, row};
use crate::store::{Actor, ClientId, StoreError};

const LIMITS: &str = "select limited_groups, limited_severities from users where name_key = ?1";
const SET: &str = "update users set limited_groups = ?2, limited_severities = ?3 where name_key = ?1 returning name";
const GROUPS_OF: &str = "select g.name from client_groups g join client_group_members m on m.group_id = g.id
    where m.name_key = ?1 order by g.sort_key limit 1000";
const ALL: &str = "select id from clients where revoked_at is null";
const ONE: &str = "select id from clients where name_key = ?1 and revoked_at is null";
const OF_GROUP: &str = "select c.id from client_groups g join client_group_members m on m.group_id = g.id
    join clients c on c.name_key = m.name_key and c.revoked_at is null where g.name_key = ?1";

impl Store {
    /// What a user is limited to; nothing if there is no such user.
    pub async fn limits(&self, user: &Name) -> Result<Limits, StoreError> {
        let key = user.key().to_owned();
        self.read(move |tx| {
            let found = tx.prepare_cached(LIMITS)?.query_row([key], |row| read(row, 0));
            Ok(found.optional()?.unwrap_or_default())
        })
        .await
    }

    pub async fn set_limits(&self, now: Timestamp, actor: &Actor, user: &Name, limits: Limits) -> Result<(), StoreError> {
        let (actor, key) = (actor.clone(), user.key().to_owned());
        self.write(move |tx| set(tx, now, &actor, &key, &limits)).await
    }

    /// The groups that a client's name is a member of.
    pub async fn groups_of(&self, client: &Name) -> Result<Vec<String>, StoreError> {
        let key = client.key().to_owned();
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(GROUPS_OF)?;
            let rows = statement.query_map([key], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Whom an audience reaches now, each once, and the names in it that belong to nobody.
    pub async fn reach(&self, audience: Vec<Audience>) -> Result<(BTreeSet<ClientId>, Vec<String>), StoreError> {
        self.read(move |tx| {
            let mut clients = BTreeSet::new();
            for entry in &audience {
                clients.extend(reached(tx, entry)?);
            }
            Ok((clients, alerts::unknown_names(tx, &audience)?))
        })
        .await
    }
}

/// From two columns.
pub(super) fn read(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Limits> {
    Ok(Limits { groups: list(row, column)?, severities: list(row, column + 1)? })
}

pub(super) fn set(tx: &Connection, now: Timestamp, actor: &Actor, key: &str, limits: &Limits) -> Result<(), StoreError> {
    let values = params![key, json(limits.groups.as_ref()), json(limits.severities.as_ref())];
    let name: Option<String> = tx.prepare_cached(SET)?.query_row(values, |row| row.get(0)).optional()?;
    let name = name.ok_or(StoreError::Missing("the user"))?;
    actions::append(tx, now, actor, "user.limits", &format!("set the limits of {name}: {limits}"))
}

fn reached(tx: &Connection, audience: &Audience) -> Result<Vec<ClientId>, StoreError> {
    let key = alerts::key(audience);
    let (sql, values): (&str, &[&dyn rusqlite::ToSql]) = match audience {
        Audience::Global => (ALL, &[]),
        Audience::Group { .. } => (OF_GROUP, &[&key]),
        Audience::Private { .. } => (ONE, &[&key]),
    };
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| row.get(0).map(ClientId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn list<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Vec<T>>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| row::broken(column, Type::Text))).transpose()
}

fn json<T: serde::Serialize>(list: Option<&Vec<T>>) -> Option<String> {
    list.and_then(|list| serde_json::to_string(list).ok())
}
