//! Second factors and their recovery codes. What is a right code is decided elsewhere; that none is used twice, here.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Name, Timestamp};

use super::{Store, actions, row, sessions};
use crate::store::{Actor, SecondFactor, StoreError};

const FACTOR: &str = "select secret, confirmed_at, last_step,
    (select count(*) from recovery_codes c where c.user_id = f.user_id and c.used_at is null)
    from second_factors f where f.user_id = ?1";
// Set up again and again until it is confirmed; a confirmed one stays.
const BEGIN: &str = "insert into second_factors (user_id, secret, created_at) values (?1, ?2, ?3)
    on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
    where second_factors.confirmed_at is null";
const CONFIRM: &str = "update second_factors set confirmed_at = ?2, last_step = ?3 where user_id = ?1 and confirmed_at is null";
const SPEND_STEP: &str = "update second_factors set last_step = ?2 where user_id = ?1 and last_step < ?2";
const SPEND_CODE: &str = "update recovery_codes set used_at = ?3 where user_id = ?1 and code_hash = ?2 and used_at is null";
const DELETE: &str = "delete from second_factors where user_id = ?1";
const DELETE_CODES: &str = "delete from recovery_codes where user_id = ?1";
const INSERT_CODE: &str = "insert into recovery_codes (user_id, code_hash) values (?1, ?2)";
const USER: &str = "select id, name from users where name_key = ?1";

impl Store {
    pub async fn second_factor(&self, user: i64) -> Result<Option<SecondFactor>, StoreError> {
        self.read(move |tx| {
            let found = tx.prepare_cached(FACTOR)?.query_row([user], |row| {
                let confirmed_at = row::maybe_time(row, 1)?;
                Ok(SecondFactor { secret: row.get(0)?, confirmed_at, last_step: row.get(2)?, codes_left: row.get(3)? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// Keeps a secret that still has to be confirmed, instead of an earlier one that was not.
    pub async fn begin_second_factor(&self, now: Timestamp, actor: &Actor, user: i64, secret: Vec<u8>) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(BEGIN)?.execute(params![user, secret, now.as_millis()])? == 0 {
                return Err(StoreError::Exists("the second factor"));
            }
            actions::append(tx, now, &actor, "totp.begin", "began to set up a second factor")
        })
        .await
    }

    /// A right code was typed: from now on the factor is asked for.
    pub async fn confirm_second_factor(
        &self,
        now: Timestamp,
        actor: &Actor,
        user: i64,
        step: i64,
        codes: Vec<[u8; 32]>,
    ) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(CONFIRM)?.execute(params![user, now.as_millis(), step])? == 0 {
                return Err(StoreError::Missing("a second factor to confirm"));
            }
            keep_codes(tx, user, &codes)?;
            actions::append(tx, now, &actor, "totp.enable", "set up a second factor")
        })
        .await
    }

    /// New recovery codes; the old ones are worth nothing any more.
    pub async fn replace_recovery_codes(&self, now: Timestamp, actor: &Actor, user: i64, codes: Vec<[u8; 32]>) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            keep_codes(tx, user, &codes)?;
            actions::append(tx, now, &actor, "totp.codes", "made new recovery codes")
        })
        .await
    }

    /// Uses up the code of a step, and every earlier one. No when it was used already.
    pub async fn spend_step(&self, user: i64, step: i64) -> Result<bool, StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(SPEND_STEP)?.execute(params![user, step])? == 1)).await
    }

    /// Uses up a recovery code. No when there is none such, or it was used already.
    pub async fn spend_recovery_code(&self, now: Timestamp, user: i64, code_hash: [u8; 32]) -> Result<bool, StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(SPEND_CODE)?.execute(params![user, code_hash, now.as_millis()])? == 1)).await
    }

    /// Takes away somebody's own second factor.
    pub async fn remove_second_factor(&self, now: Timestamp, actor: &Actor, user: i64) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            remove(tx, user)?;
            actions::append(tx, now, &actor, "totp.disable", "switched their second factor off")
        })
        .await
    }

    /// Takes away the second factor of a user who cannot use it any more, and ends their log-ins; the user's id.
    pub async fn reset_second_factor(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<i64, StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let found: Option<(i64, String)> =
                tx.prepare_cached(USER)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (user, name) = found.ok_or(StoreError::Missing("the user"))?;
            remove(tx, user)?;
            sessions::end_all_of(tx, user)?;
            actions::append(tx, now, &actor, "totp.reset", &format!("took away the second factor of user {name}"))?;
            Ok(user)
        })
        .await
    }
}

fn keep_codes(tx: &Connection, user: i64, codes: &[[u8; 32]]) -> Result<(), StoreError> {
    tx.prepare_cached(DELETE_CODES)?.execute([user])?;
    let mut statement = tx.prepare_cached(INSERT_CODE)?;
    for code in codes {
        statement.execute(params![user, code])?;
    }
    Ok(())
}

fn remove(tx: &Connection, user: i64) -> Result<(), StoreError> {
    tx.prepare_cached(DELETE_CODES)?.execute([user])?;
    match tx.prepare_cached(DELETE)?.execute([user])? {
        0 => Err(StoreError::Missing("the second factor")),
        _ => Ok(()),
    }
}
