//! Bans, and networks that are trusted.

use rusqlite::{Connection, Row, params};
use shared::Timestamp;

use crate::store::sqlite::{Store, actions, row};
use crate::store::{Actor, Allowed, Ban, BanRow, Page, StoreError};

const SAVE: &str = "insert into bans (address, client, since, until, reason, banned_by) values (?1, ?2, ?3, ?4, ?5, ?6)
    on conflict (address, client) do update set since = excluded.since, until = excluded.until, reason = excluded.reason,
    banned_by = excluded.banned_by";
const LIST: &str = "select address, client, since, until, reason, banned_by, rowid from bans
    where until > ?1 and (?2 is null or rowid < ?2)
    and (?3 is null or instr(lower(address || char(10) || client || char(10) || reason), ?3) > 0)
    order by rowid desc limit ?4";
const COUNT: &str = "select count(*) from bans where until > ?1
    and (?2 is null or instr(lower(address || char(10) || client || char(10) || reason), ?2) > 0)";
const HOLDING: &str = "select address, client, since, until, reason, banned_by, rowid from bans where until > ?1
    order by until desc limit ?2";
const LIFT: &str = "delete from bans where address = ?1 and until > ?2";
const LIFT_CLIENT: &str = "delete from bans where address = ?1 and client = ?2";
const FORGET: &str = "delete from bans where rowid in (select rowid from bans where until <= ?1 limit ?2)";
const ALLOW: &str = "insert into security_allowed (network, reason, created_at, created_by) values (?1, ?2, ?3, ?4)
    on conflict (network) do update set reason = excluded.reason";
const ALLOWED: &str = "select network, reason, created_at, created_by from security_allowed order by network limit 1000";
const DISALLOW: &str = "delete from security_allowed where network = ?1";

pub(super) fn save(tx: &Connection, ban: &Ban, by: &str) -> Result<(), StoreError> {
    let client = ban.client.as_deref().unwrap_or_default();
    let values = params![ban.address, client, ban.since.as_millis(), ban.until.as_millis(), ban.reason, by];
    tx.prepare_cached(SAVE)?.execute(values)?;
    Ok(())
}

/// What the action log says of it.
pub(super) fn words(ban: &Ban) -> String {
    let who = ban.client.as_ref().map_or_else(|| ban.address.clone(), |client| format!("{client} at {}", ban.address));
    format!("banned {who} until {}: {}", ban.until, ban.reason)
}

impl Store {
    /// Bans that hold, newest first.
    pub async fn bans(&self, now: Timestamp, search: Option<String>, before: Option<i64>, limit: u32) -> Result<Page<BanRow>, StoreError> {
        self.read(move |tx| {
            let search = search.map(|text| text.to_lowercase());
            let total: i64 = tx.prepare_cached(COUNT)?.query_row(params![now.as_millis(), search], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map(params![now.as_millis(), before, search, limit + 1], ban)?;
            let mut found = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut found, limit, |(_, id)| id.to_string());
            Ok(Page { items: found.into_iter().map(|(ban, _)| ban).collect(), next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// Bans that hold, at most so many: those that last longest.
    pub async fn bans_that_hold(&self, now: Timestamp, limit: usize) -> Result<Vec<BanRow>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(HOLDING)?;
            let rows = statement.query_map(params![now.as_millis(), i64::try_from(limit).unwrap_or(i64::MAX)], ban)?;
            Ok(rows.map(|row| row.map(|(ban, _)| ban)).collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Keeps somebody out by hand.
    pub async fn add_ban(&self, now: Timestamp, actor: &Actor, ban: Ban) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            save(tx, &ban, &actor.0)?;
            actions::append(tx, now, &actor, "security.ban", &words(&ban))
        })
        .await
    }

    /// Lets an address in again, and the names behind it.
    pub async fn lift_bans(&self, now: Timestamp, actor: &Actor, address: String) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(LIFT)?.execute(params![address, now.as_millis()])? == 0 {
                return Err(StoreError::Missing("this ban"));
            }
            actions::append(tx, now, &actor, "security.unban", &format!("lifted the ban of {address}"))
        })
        .await
    }

    /// An agent has shown its right key: its name is let in again.
    pub async fn lift_ban_of_client(&self, now: Timestamp, address: String, client: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            if tx.prepare_cached(LIFT_CLIENT)?.execute(params![address, client])? == 0 {
                return Ok(());
            }
            let detail = format!("{client} at {address} showed its right key; its ban is lifted");
            actions::append(tx, now, &Actor::new("guard"), "security.unban", &detail)
        })
        .await
    }

    /// Forgets bans that have ended, at most so many; how many.
    pub async fn forget_bans(&self, now: Timestamp, limit: u32) -> Result<usize, StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(FORGET)?.execute(params![now.as_millis(), limit])?)).await
    }

    /// Networks that are trusted besides those of the settings.
    pub async fn allowed(&self) -> Result<Vec<Allowed>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(ALLOWED)?;
            let rows = statement.query_map([], |row| {
                Ok(Allowed { network: row.get(0)?, reason: row.get(1)?, created_at: row::time(row, 2)?, created_by: row.get(3)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn allow(&self, now: Timestamp, actor: &Actor, network: String, reason: String) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            tx.prepare_cached(ALLOW)?.execute(params![network, reason, now.as_millis(), actor.0])?;
            actions::append(tx, now, &actor, "security.allow", &format!("trusts {network}: {reason}"))
        })
        .await
    }

    pub async fn disallow(&self, now: Timestamp, actor: &Actor, network: String) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            if tx.prepare_cached(DISALLOW)?.execute([&network])? == 0 {
                return Err(StoreError::Missing("this network"));
            }
            actions::append(tx, now, &actor, "security.disallow", &format!("does not trust {network} any more"))
        })
        .await
    }
}

fn ban(row: &Row<'_>) -> rusqlite::Result<(BanRow, i64)> {
    let client: String = row.get(1)?;
    let ban = BanRow {
        ip: row.get(0)?,
        client: (!client.is_empty()).then_some(client),
        since: row::time(row, 2)?,
        until: row::time(row, 3)?,
        reason: row.get(4)?,
        banned_by: row.get(5)?,
    };
    Ok((ban, row.get(6)?))
}
