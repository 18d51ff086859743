//! The directory of clients: who is enrolled and what proves it.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::secret::Clave;
use shared::{Name, Timestamp, text};

use super::{Store, actions, jump, rotation};
use crate::security::token::ClientProof;
use crate::store::{Actor, ClientId, Identity, StoreError};

const ID: &str = "select id from clients where name_key = ?1";
const BY_KEY: &str = "select c.id, c.name, c.salt, c.mac, c.revoked_at is not null, k.salt, k.mac from clients c
    left join key_rotations k on k.client_id = c.id where c.name_key = ?1";
const INSERT: &str = "insert into clients (name, name_key, folded, sort_key, salt, mac, created_at)
    values (?1, ?2, '', ?2, x'', x'', ?3) returning id";
// Whoever is enrolled anew is away since then.
const SET_PROOF: &str = "update clients set name = ?2, salt = ?3, mac = ?4, folded = ?5, sort_key = ?6, key_since = ?7,
    absent_since = case when absent_since is null or revoked_at is not null then ?8 else absent_since end, revoked_at = null where id = ?1";
const REVOKE: &str = "update clients set revoked_at = ?2 where name_key = ?1 and revoked_at is null returning id, name";
// The first condition is that of the index, word for word: without it every delivery there is would be read.
const GIVE_UP: &str = "update deliveries set state = 7 where client_id = ?1
    and (state < 4 or (state = 6 and withdrawal_confirmed_at is null)) and state < 3";
const COUNT: &str = "select count(*) from clients where revoked_at is null";

/// Makes a client, or gives the one of this name a new key; a revoked one is let in again.
pub(super) fn put(tx: &Connection, now: Timestamp, name: &Name, pepper: &[u8; 32], clave: &Clave) -> Result<ClientId, StoreError> {
    let existing: Option<i64> = tx.prepare_cached(ID)?.query_row([name.key()], |row| row.get(0)).optional()?;
    let id = match existing {
        Some(id) => id,
        None => tx.prepare_cached(INSERT)?.query_row(params![name.as_str(), name.key(), now.as_millis()], |row| row.get(0))?,
    };
    let proof = ClientProof::make(pepper, id, clave);
    tx.prepare_cached(SET_PROOF)?.execute(params![
        id,
        name.as_str(),
        proof.salt,
        proof.mac,
        text::folded(name.as_str()),
        name.sort_key(),
        now.as_millis(),
        now.as_millis().saturating_sub(jump::skipped(tx)?)
    ])?;
    rotation::forget(tx, id)?;
    Ok(ClientId(id))
}

pub(super) fn find(tx: &Connection, key: &str) -> Result<Option<Identity>, StoreError> {
    let found = tx
        .prepare_cached(BY_KEY)?
        .query_row([key], |row| {
            let next = (row.get(5)?, row.get(6)?);
            Ok((ClientId(row.get(0)?), row.get::<_, String>(1)?, (row.get(2)?, row.get(3)?), row.get(4)?, next))
        })
        .optional()?;
    let Some((id, name, (salt, mac), revoked, (next_salt, next_mac))) = found else { return Ok(None) };
    let name = Name::parse(&name).map_err(|_| rotation::damaged())?;
    let (proof, next_proof) = (rotation::proof(salt, mac)?, rotation::maybe_proof(next_salt, next_mac)?);
    Ok(Some(Identity { id, name, proof, next_proof, revoked }))
}

impl Store {
    /// Whoever has this name, revoked or not.
    pub async fn client_identity(&self, name: &Name) -> Result<Option<Identity>, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| find(tx, &key)).await
    }

    /// Makes a client with a key that somebody already owns, or gives the one of this name that key.
    pub async fn put_client(
        &self,
        now: Timestamp,
        actor: &Actor,
        name: &Name,
        pepper: [u8; 32],
        clave: Clave,
    ) -> Result<ClientId, StoreError> {
        let (actor, name) = (actor.clone(), name.clone());
        self.write(move |tx| {
            let id = put(tx, now, &name, &pepper, &clave)?;
            actions::append(tx, now, &actor, "client.key", &format!("set the key of client {name}"))?;
            Ok(id)
        })
        .await
    }

    /// Shuts a client out; what it has not displayed can no longer be delivered.
    pub async fn revoke_client(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<ClientId, StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let revoked: Option<(i64, String)> =
                tx.prepare_cached(REVOKE)?.query_row(params![key, now.as_millis()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (id, name) = revoked.ok_or(StoreError::Missing("the client"))?;
            give_up(tx, ClientId(id))?;
            actions::append(tx, now, &actor, "client.revoke", &format!("revoked client {name}"))?;
            Ok(ClientId(id))
        })
        .await
    }

    pub async fn count_clients(&self) -> Result<u64, StoreError> {
        self.read(|tx| Ok(tx.prepare_cached(COUNT)?.query_row([], |row| row.get::<_, i64>(0))?.max(0).cast_unsigned())).await
    }
}

/// What a client has not displayed can no longer be delivered.
pub(super) fn give_up(tx: &Connection, client: ClientId) -> Result<(), StoreError> {
    Ok(tx.prepare_cached(GIVE_UP)?.execute([client.0]).map(drop)?)
}

/// A list of ids as one parameter of a statement.
pub(super) fn json_ids(ids: &[ClientId]) -> String {
    format!("[{}]", ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(","))
}
