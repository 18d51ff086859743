//! New keys for agents: asked for, offered, in use. Between the last two the old and the new key are both good, so that
//! neither a crash nor a cut connection locks an agent out.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::secret::Clave;
use shared::{Name, Timestamp};

use super::{Store, actions, row};
use crate::security::token::ClientProof;
use crate::store::{Actor, ClientId, Rotation, RotationState, StoreError, Turned};

const ASK: &str = "insert into key_rotations (client_id, asked_at) values (?1, ?2) on conflict do nothing";
const ENROLLED: &str = "select id, name from clients where name_key = ?1 and revoked_at is null";
const DUE: &str = "select id, name from clients where revoked_at is null and version is not null
    and coalesce(key_since, created_at) < ?1 and not exists (select 1 from key_rotations k where k.client_id = clients.id)
    order by coalesce(key_since, created_at) limit ?2";
const PENDING: &str = "select 1 from key_rotations where client_id = ?1";
const PROOFS: &str = "select c.salt, c.mac, k.salt, k.mac, k.client_id is not null from clients c
    left join key_rotations k on k.client_id = c.id where c.id = ?1";
const OFFER: &str = "update key_rotations set offered_at = ?2, salt = ?3, mac = ?4 where client_id = ?1";
const USE: &str =
    "update clients set key_since = ?2, (salt, mac) = (select salt, mac from key_rotations where client_id = ?1) where id = ?1";
const FORGET: &str = "delete from key_rotations where client_id = ?1";
const IS_OFFERED: &str = "select 1 from key_rotations where client_id = ?1 and offered_at is not null";

/// The old proof, the new one if it was offered, and whether a new one is wanted.
struct Proofs {
    current: ClientProof,
    next: Option<ClientProof>,
    wanted: bool,
}

pub(super) fn damaged() -> StoreError {
    StoreError::Database("a client's key is damaged".into())
}

pub(super) fn proof(salt: Vec<u8>, mac: Vec<u8>) -> Result<ClientProof, StoreError> {
    Ok(ClientProof { salt: salt.try_into().map_err(|_| damaged())?, mac: mac.try_into().map_err(|_| damaged())? })
}

pub(super) fn maybe_proof(salt: Option<Vec<u8>>, mac: Option<Vec<u8>>) -> Result<Option<ClientProof>, StoreError> {
    salt.zip(mac).map(|(salt, mac)| proof(salt, mac)).transpose()
}

/// From two columns: when a new key was asked for, and when it was offered.
pub(super) fn state(row: &Row<'_>, asked: usize, offered: usize) -> rusqlite::Result<Rotation> {
    let asked_at = row::maybe_time(row, asked)?;
    let state = match (asked_at, row::maybe_time(row, offered)?) {
        (None, _) => RotationState::None,
        (Some(_), None) => RotationState::Asked,
        (Some(_), Some(_)) => RotationState::Offered,
    };
    Ok(Rotation { state, asked_at })
}

/// A key that was set by somebody else ends whatever was under way.
pub(super) fn forget(tx: &Connection, client: i64) -> Result<(), StoreError> {
    tx.prepare_cached(FORGET)?.execute([client])?;
    Ok(())
}

fn proofs(tx: &Connection, client: ClientId) -> Result<Proofs, StoreError> {
    let found = tx
        .prepare_cached(PROOFS)?
        .query_row([client.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let (salt, mac, next_salt, next_mac, wanted) = found.ok_or(StoreError::Missing("the client"))?;
    Ok(Proofs { current: proof(salt, mac)?, next: maybe_proof(next_salt, next_mac)?, wanted })
}

fn ask(tx: &Connection, now: Timestamp, actor: &Actor, id: i64, name: &str) -> Result<(), StoreError> {
    if tx.prepare_cached(ASK)?.execute(params![id, now.as_millis()])? > 0 {
        actions::append(tx, now, actor, "client.rotate_key", &format!("asked client {name} for a new key"))?;
    }
    Ok(())
}

impl Store {
    /// Asks a client for a new key; asked again, it stays as far as it is.
    pub async fn ask_for_new_key(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<ClientId, StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let found: Option<(i64, String)> =
                tx.prepare_cached(ENROLLED)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (id, name) = found.ok_or(StoreError::Missing("the client"))?;
            ask(tx, now, &actor, id, &name)?;
            Ok(ClientId(id))
        })
        .await
    }

    /// Takes the request back as long as the agent has made no key; what was not asked for is left alone.
    pub async fn call_off_new_key(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<ClientId, StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let found: Option<(i64, String)> =
                tx.prepare_cached(ENROLLED)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (id, name) = found.ok_or(StoreError::Missing("the client"))?;
            // The agent may be using it before it says so: then only the new one proves it.
            if tx.prepare_cached(IS_OFFERED)?.exists([id])? {
                return Err(StoreError::Refused("the agent has its new key already and may be using it".into()));
            }
            if tx.prepare_cached(FORGET)?.execute([id])? > 0 {
                actions::append(tx, now, &actor, "client.keep_key", &format!("called off the new key of client {name}"))?;
            }
            Ok(ClientId(id))
        })
        .await
    }

    /// Asks those whose key is older than that, the oldest first; agents of the old kind cannot answer and are left alone.
    pub async fn ask_for_old_keys(
        &self,
        now: Timestamp,
        actor: &Actor,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ClientId>, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let mut statement = tx.prepare_cached(DUE)?;
            let rows = statement.query_map(params![before.as_millis(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let due = rows.collect::<Result<Vec<(i64, String)>, _>>()?;
            due.iter().try_for_each(|(id, name)| ask(tx, now, &actor, *id, name))?;
            Ok(due.into_iter().map(|(id, _)| ClientId(id)).collect())
        })
        .await
    }

    /// Whether a new key is wanted of this client.
    pub async fn is_new_key_wanted(&self, client: ClientId) -> Result<bool, StoreError> {
        self.read(move |tx| Ok(tx.prepare_cached(PENDING)?.exists([client.0])?)).await
    }

    /// Keeps the proof of a new key beside the old one.
    pub async fn offer_key(
        &self,
        now: Timestamp,
        client: ClientId,
        name: &Name,
        pepper: [u8; 32],
        clave: Clave,
    ) -> Result<Turned, StoreError> {
        let name = name.clone();
        self.write(move |tx| {
            let known = proofs(tx, client)?;
            let is = |proof: &ClientProof| proof.verify(&pepper, client.0, &clave);
            if known.next.as_ref().is_some_and(is) {
                return Ok(Turned::Kept);
            }
            // The key in use is no new one.
            if !known.wanted || is(&known.current) {
                return Ok(Turned::Unexpected);
            }
            let proof = ClientProof::make(&pepper, client.0, &clave);
            tx.prepare_cached(OFFER)?.execute(params![client.0, now.as_millis(), proof.salt, proof.mac])?;
            actions::append(tx, now, &Actor::new(name.as_str()), "client.new_key", "offered a new key")?;
            Ok(Turned::Kept)
        })
        .await
    }

    /// The client uses its new key: the old one is void from here on. Said twice, it is as true as once.
    pub async fn use_key(
        &self,
        now: Timestamp,
        client: ClientId,
        name: &Name,
        pepper: [u8; 32],
        clave: Clave,
    ) -> Result<Turned, StoreError> {
        let name = name.clone();
        self.write(move |tx| {
            let known = proofs(tx, client)?;
            let is = |proof: &ClientProof| proof.verify(&pepper, client.0, &clave);
            if !known.next.as_ref().is_some_and(is) {
                return Ok(if is(&known.current) { Turned::Kept } else { Turned::Unexpected });
            }
            tx.prepare_cached(USE)?.execute(params![client.0, now.as_millis()])?;
            forget(tx, client.0)?;
            actions::append(tx, now, &Actor::new(name.as_str()), "client.new_key", "uses its new key; the old one is void")?;
            Ok(Turned::Kept)
        })
        .await
    }
}
