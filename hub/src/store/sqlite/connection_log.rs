//! The log of connections, newest first: what `connections` knows of coming and going, and who was not let in.

use rusqlite::{Row, named_params, params};
use shared::Timestamp;

use super::{Store, row};
use crate::store::{ConnectionEntry, ConnectionFilter, ConnectionKind, ConnectionPlace, Rejected, StoreError};

const INSERT: &str = "insert into rejections (at, name, address, reason, count) values (?1, ?2, ?3, ?4, ?5)";
const FORGET: &str = "delete from rejections where id <= (select max(id) from rejections) - ?1";
/// Strangers can make them: the newest are kept.
const KEPT: i64 = 10_000;

// Each part takes its page along its own index, then the parts are merged: however long the log is, a page costs a page.
const LIST: &str = "select at, kind, client, address, version, reason, count, id from (
    select * from (select k.connected_at as at, 0 as kind, c.name as client, k.address, k.version, null as reason, 1 as count, k.id
        from connections k join clients c on c.id = k.client_id where (:kind is null or :kind = 0)
        and k.connected_at <= :at and (k.connected_at < :at or 0 < :after or (:after = 0 and k.id < :id))
        and (:search is null or instr(lower(c.name), :search) or instr(k.address, :search))
        order by k.connected_at desc, k.id desc limit :limit)
    union all
    select * from (select k.disconnected_at as at, 1 as kind, c.name, k.address, k.version, k.reason, 1, k.id
        from connections k join clients c on c.id = k.client_id where (:kind is null or :kind = 1)
        and k.disconnected_at <= :at and (k.disconnected_at < :at or 1 < :after or (:after = 1 and k.id < :id))
        and (:search is null or instr(lower(c.name), :search) or instr(k.address, :search))
        order by k.disconnected_at desc, k.id desc limit :limit)
    union all
    select * from (select r.at, 2 as kind, r.name, r.address, null, r.reason, r.count, r.id
        from rejections r where (:kind is null or :kind = 2)
        and r.at <= :at and (r.at < :at or 2 < :after or (:after = 2 and r.id < :id))
        and (:search is null or instr(lower(r.name), :search) or instr(r.address, :search))
        order by r.at desc, r.id desc limit :limit)
    ) order by at desc, kind desc, id desc limit :limit";

// One part alone is counted if one kind is asked for.
const COUNT: &str = "select (select count(*) from connections k where (:kind is null or :kind = 0) and (:search is null
        or instr(k.address, :search) or exists (select 1 from clients c where c.id = k.client_id and instr(lower(c.name), :search))))
    + (select count(*) from connections k where (:kind is null or :kind = 1) and k.disconnected_at is not null and (:search is null
        or instr(k.address, :search) or exists (select 1 from clients c where c.id = k.client_id and instr(lower(c.name), :search))))
    + (select count(*) from rejections r where (:kind is null or :kind = 2)
        and (:search is null or instr(lower(r.name), :search) or instr(r.address, :search)))";

impl Store {
    /// Writes down who was not let in, and how often.
    pub async fn note_rejections(&self, now: Timestamp, rejected: Vec<(Rejected, u32)>) -> Result<(), StoreError> {
        self.write(move |tx| {
            for (Rejected { name, address, reason }, count) in rejected {
                tx.prepare_cached(INSERT)?.execute(params![now.as_millis(), name, address, reason, count])?;
            }
            Ok(tx.prepare_cached(FORGET)?.execute([KEPT]).map(drop)?)
        })
        .await
    }

    /// Who came, left, and was not let in: newest first, where the next page begins, and how many there are.
    pub async fn connection_log(
        &self,
        filter: ConnectionFilter,
        before: Option<ConnectionPlace>,
        limit: u32,
    ) -> Result<(Vec<ConnectionEntry>, Option<ConnectionPlace>, u64), StoreError> {
        self.read(move |tx| {
            let before = before.unwrap_or(ConnectionPlace { at: Timestamp::from_millis(i64::MAX), kind: i64::MAX, id: 0 });
            let search = filter.search.map(|search| search.to_lowercase());
            let kind = filter.kind.map(rank);
            let total: i64 = tx.prepare_cached(COUNT)?.query_row(named_params! { ":kind": kind, ":search": search }, |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let found = statement.query_map(
                named_params! { ":kind": kind, ":at": before.at.as_millis(), ":after": before.kind, ":id": before.id,
                ":search": search, ":limit": limit.saturating_add(1) },
                read,
            )?;
            let mut found = found.collect::<Result<Vec<_>, _>>()?;
            let more = found.len() > limit as usize;
            found.truncate(limit as usize);
            let next = found.last().filter(|_| more).map(|(_, place)| *place);
            Ok((found.into_iter().map(|(entry, _)| entry).collect(), next, total.max(0).cast_unsigned()))
        })
        .await
    }
}

fn rank(kind: ConnectionKind) -> i64 {
    match kind {
        ConnectionKind::Connected => 0,
        ConnectionKind::Left => 1,
        ConnectionKind::Rejected => 2,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(ConnectionEntry, ConnectionPlace)> {
    let at = row::time(row, 0)?;
    let place = ConnectionPlace { at, kind: row.get(1)?, id: row.get(7)? };
    let kind = match place.kind {
        0 => ConnectionKind::Connected,
        1 => ConnectionKind::Left,
        _ => ConnectionKind::Rejected,
    };
    let (client, address, version) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok((ConnectionEntry { at, kind, client, address, version, reason: row.get(5)?, count: row.get(6)? }, place))
}
