//! One-time codes by which a PC becomes a client.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::secret::Clave;
use shared::{Name, Timestamp};

use super::{Store, actions, clients, row};
use crate::store::{Actor, EnrolOutcome, Enrolment, NewEnrolment, StoreError};

const INSERT: &str = "insert into enrolments (code_hash, name, name_key, uses, created_at, created_by, expires_at)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7) returning id";
const LIST: &str = "select id, name, uses, used, created_at, created_by, expires_at from enrolments
    where expires_at > ?1 and used < uses and failed < 5 order by id desc limit 500";
const DELETE: &str = "delete from enrolments where id = ?1";
// A code is spent after its uses, dead after five tries with a name that is not its own.
const VALID: &str = "select id, name_key from enrolments where code_hash = ?1 and expires_at > ?2 and used < uses and failed < 5";
const USE: &str = "update enrolments set used = used + 1 where id = ?1";
const FAIL: &str = "update enrolments set failed = failed + 1 where id = ?1";

impl Store {
    pub async fn add_enrolment(&self, now: Timestamp, actor: &Actor, new: NewEnrolment) -> Result<i64, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let (name, key) = (new.name.as_ref().map(Name::as_str), new.name.as_ref().map(Name::key));
            let values = params![new.code_hash, name, key, new.uses, now.as_millis(), actor.0, new.expires_at.as_millis()];
            let id = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0))?;
            let whom = name.unwrap_or("any name");
            actions::append(tx, now, &actor, "enrolment.create", &format!("made enrolment code {id} for {whom}, {} uses", new.uses))?;
            Ok(id)
        })
        .await
    }

    /// Codes that can still be used.
    pub async fn enrolments(&self, now: Timestamp) -> Result<Vec<Enrolment>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map([now.as_millis()], enrolment)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn delete_enrolment(&self, now: Timestamp, actor: &Actor, id: i64) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(DELETE)?.execute([id])? == 0 {
                return Err(StoreError::Missing("the enrolment code"));
            }
            actions::append(tx, now, &actor, "enrolment.delete", &format!("deleted enrolment code {id}"))
        })
        .await
    }

    /// Uses a code up for a name, whose client gets this key.
    pub async fn enrol(
        &self,
        now: Timestamp,
        name: &Name,
        code_hash: [u8; 32],
        pepper: [u8; 32],
        clave: Clave,
    ) -> Result<EnrolOutcome, StoreError> {
        // A stranger's guess must not cost the writer's time.
        let values = (code_hash, now.as_millis());
        if !self.read(move |tx| Ok(tx.prepare_cached(VALID)?.exists(values)?)).await? {
            return Ok(EnrolOutcome::BadCode);
        }
        let name = name.clone();
        self.write(move |tx| enrol(tx, now, &name, code_hash, &pepper, &clave)).await
    }
}

fn enrol(
    tx: &Connection,
    now: Timestamp,
    name: &Name,
    code_hash: [u8; 32],
    pepper: &[u8; 32],
    clave: &Clave,
) -> Result<EnrolOutcome, StoreError> {
    let valid: Option<(i64, Option<String>)> =
        tx.prepare_cached(VALID)?.query_row(params![code_hash, now.as_millis()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, bound_to)) = valid else { return Ok(EnrolOutcome::BadCode) };
    if bound_to.as_deref().is_some_and(|key| key != name.key()) {
        tx.prepare_cached(FAIL)?.execute([id])?;
        return Ok(EnrolOutcome::BadCode);
    }
    let taken = clients::find(tx, name.key())?.is_some_and(|client| !client.revoked);
    if taken && bound_to.is_none() {
        return Ok(EnrolOutcome::NameInUse);
    }
    tx.prepare_cached(USE)?.execute([id])?;
    let client = clients::put(tx, now, name, pepper, clave)?;
    actions::append(tx, now, &Actor::new(name.as_str()), "client.enrol", &format!("enrolled with code {id}"))?;
    Ok(EnrolOutcome::Enrolled(client))
}

fn enrolment(row: &rusqlite::Row<'_>) -> rusqlite::Result<Enrolment> {
    Ok(Enrolment {
        id: row.get(0)?,
        name: row.get(1)?,
        uses: row.get(2)?,
        used: row.get(3)?,
        created_at: row::time(row, 4)?,
        created_by: row.get(5)?,
        expires_at: row::time(row, 6)?,
    })
}
