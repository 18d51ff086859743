//! Looking through the directory of clients: filtered, sorted, paged, counted; and everything about one.

use hub_core::version;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use shared::{Name, Timestamp, text};

use super::clients::json_ids;
use super::{Store, groups, name_conflicts, rotation, row};
use crate::store::{
    Client, ClientCounts, ClientDetail, ClientFilter, ClientId, ClientKind, ClientOrder, ClientPage, ClientPlace, ClientSort, StoreError,
    WaitingAlert,
};

const FIELDS: &str = "id, name, created_at, last_seen_at, version, os, address, version_key, important_after_s, gone_noticed_at,
    (select max(last_at) from name_conflicts n where n.client_id = clients.id), sort_key, coalesce(last_seen_at, created_at),
    coalesce(key_since, created_at), (select asked_at from key_rotations k where k.client_id = clients.id),
    (select offered_at from key_rotations k where k.client_id = clients.id)";
const BY_KEY: &str = "name_key = ?1 and revoked_at is null";
const NEWEST: &str = "select version_key, version from clients where revoked_at is null and coalesce(version_key, '') > ?1
    order by coalesce(version_key, '') desc limit 1";
const UNFILLED: &str = "select id, version from clients where version is not null and version_key is null limit 1000000";
const FILL: &str = "update clients set version_key = ?2 where id = ?1";
// The first condition is that of the index `deliveries_open`, word for word.
const WAITING: &str = "from deliveries d join alerts a on a.seq = d.alert_seq where d.client_id = ?1
    and (d.state < 4 or (d.state = 6 and d.withdrawal_confirmed_at is null)) and d.state < 2
    and (a.expires_at is null or a.expires_at > ?2)";
/// Waiting alerts that are named; of the others only the number is said.
const NAMED: u32 = 50;
const CONNECTED: &str = "(select value from json_each(?1))";

/// What lists and counts are measured by.
struct Measure {
    /// Sorts like versions; the newest there is.
    key: String,
    version: String,
    disputed_since: i64,
}

impl Measure {
    fn take(tx: &Connection, filter: &ClientFilter) -> Result<Self, StoreError> {
        let own = version::key(&filter.own_version).unwrap_or_default();
        let newer = tx.prepare_cached(NEWEST)?.query_row([&own], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (key, version) = newer.unwrap_or_else(|| (own, filter.own_version.clone()));
        Ok(Self { key, version, disputed_since: filter.disputed_since.as_millis() })
    }

    fn client(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Client> {
        let version_key: Option<String> = row.get(7)?;
        Ok(Client {
            id: ClientId(row.get(0)?),
            name: row.get(1)?,
            created_at: row::time(row, 2)?,
            last_seen: row::maybe_time(row, 3)?,
            version: row.get(4)?,
            os: row.get(5)?,
            address: row.get(6)?,
            key_since: row::time(row, 13)?,
            rotation: rotation::state(row, 14, 15)?,
            outdated: version_key.is_some_and(|key| key < self.key),
            important_after_s: row.get(8)?,
            gone_noticed: row::maybe_time(row, 9)?,
            disputed: row::maybe_time(row, 10)?.filter(|at| at.as_millis() >= self.disputed_since),
        })
    }
}

/// The parameters of every list: who is connected, words of the name, since when somebody is silent, the newest version,
/// since when a try counts.
fn parameters(filter: &ClientFilter, measure: &Measure) -> Vec<Value> {
    let search = filter.search.as_deref().map(text::folded);
    vec![
        json_ids(&filter.connected).into(),
        search.into(),
        filter.silent_before.as_millis().into(),
        measure.key.clone().into(),
        measure.disputed_since.into(),
    ]
}

/// The condition of each filter over [`parameters`]. A plus sign keeps it from choosing the index: that is for the order.
fn condition(kind: ClientKind) -> String {
    match kind {
        ClientKind::All => "1".to_owned(),
        ClientKind::Online => format!("+id in {CONNECTED}"),
        ClientKind::Offline => format!("+id not in {CONNECTED}"),
        ClientKind::Silent => format!("+coalesce(last_seen_at, created_at) < ?3 and +id not in {CONNECTED}"),
        ClientKind::Outdated => "version_key < ?4".to_owned(),
        ClientKind::Legacy => "version is null and last_seen_at is not null".to_owned(),
        ClientKind::Important => "+important_after_s is not null".to_owned(),
        ClientKind::Disputed => "+id in (select client_id from name_conflicts where last_at >= ?5)".to_owned(),
    }
}

/// Every parameter is named here, so that a statement has all of them whatever its filter is.
fn matching(kind: ClientKind) -> String {
    let kind = condition(kind);
    format!(
        "revoked_at is null and (?2 is null or instr(folded, ?2) > 0) and ({kind})
         and (?1 is not null and ?3 is not null and ?4 is not null and ?5 is not null)"
    )
}

/// What a list is sorted by: an expression that an index has, and whether the id decides between equals.
fn expression(sort: ClientSort) -> (&'static str, bool) {
    match sort {
        ClientSort::Name => ("sort_key", false),
        ClientSort::Seen => ("coalesce(last_seen_at, created_at)", true),
        ClientSort::Created => ("created_at", true),
        ClientSort::Version => ("coalesce(version_key, '')", true),
    }
}

/// The statement of a page, over [`parameters`], the place it goes on after, and its limit.
fn page_sql(kind: ClientKind, order: &ClientOrder) -> String {
    let (by, has_ties) = expression(order.by);
    let (beyond, direction) = if order.descending { ("<", "desc") } else { (">", "asc") };
    let after = match (order.after.is_some(), has_ties) {
        (false, _) => "?6 is null and ?7 is null".to_owned(),
        (true, false) => format!("{by} {beyond} ?6 and ?7 is null"),
        // Two conditions rather than a pair: only so does the index begin where the page does.
        (true, true) => format!("{by} {beyond}= ?6 and ({by} {beyond} ?6 or id {beyond} ?7)"),
    };
    let ties = if has_ties { format!(", id {direction}") } else { String::new() };
    format!("select {FIELDS} from clients where {} and {after} order by {by} {direction}{ties} limit ?8", matching(kind))
}

fn place_values(place: Option<&ClientPlace>) -> [Value; 2] {
    match place {
        None => [Value::Null, Value::Null],
        Some(ClientPlace::Name(key)) => [key.clone().into(), Value::Null],
        Some(ClientPlace::Time(at, id)) => [(*at).into(), (*id).into()],
        Some(ClientPlace::Version(key, id)) => [key.clone().into(), (*id).into()],
    }
}

fn place(sort: ClientSort, row: &rusqlite::Row<'_>) -> rusqlite::Result<ClientPlace> {
    Ok(match sort {
        ClientSort::Name => ClientPlace::Name(row.get(11)?),
        ClientSort::Seen => ClientPlace::Time(row.get(12)?, row.get(0)?),
        ClientSort::Created => ClientPlace::Time(row.get(2)?, row.get(0)?),
        ClientSort::Version => ClientPlace::Version(row.get::<_, Option<String>>(7)?.unwrap_or_default(), row.get(0)?),
    })
}

/// Versions that were noted before they had a place in an order.
pub(super) fn fill_version_keys(connection: &Connection) -> Result<(), StoreError> {
    let rows: Vec<(i64, String)> =
        connection.prepare(UNFILLED)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut fill = connection.prepare(FILL)?;
    for (id, version) in rows {
        if let Some(key) = version::key(&version) {
            fill.execute(params![id, key])?;
        }
    }
    Ok(())
}

/// The ids and names of all clients that a filter shows.
pub(super) fn select(tx: &Connection, filter: &ClientFilter) -> Result<Vec<(ClientId, String)>, StoreError> {
    let measure = Measure::take(tx, filter)?;
    let sql = format!("select id, name from clients where {} order by sort_key limit 1000000", matching(filter.kind));
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(parameters(filter, &measure)), |row| Ok((ClientId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// A page of the enrolled clients.
    pub async fn clients(&self, filter: ClientFilter, order: ClientOrder, limit: u32) -> Result<ClientPage, StoreError> {
        self.read(move |tx| page(tx, &filter, &order, limit)).await
    }

    /// How many clients each filter shows, whatever the filter's own kind.
    pub async fn client_counts(&self, filter: ClientFilter) -> Result<ClientCounts, StoreError> {
        self.read(move |tx| counts(tx, &filter)).await
    }

    /// One client, as a list shows it.
    pub async fn client(&self, name: &Name, filter: ClientFilter) -> Result<Client, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| one(tx, &key, &filter)).await
    }

    /// One client with its groups, what waits for it, and who else tried its name.
    pub async fn client_detail(&self, now: Timestamp, name: &Name, filter: ClientFilter) -> Result<ClientDetail, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| {
            let client = one(tx, &key, &filter)?;
            let (waiting, waiting_total) = waiting(tx, now, client.id)?;
            let conflicts = name_conflicts::of_client(tx, client.id)?;
            Ok(ClientDetail { groups: groups::of_member(tx, &key)?, waiting, waiting_total, conflicts, client })
        })
        .await
    }
}

fn page(tx: &Connection, filter: &ClientFilter, order: &ClientOrder, limit: u32) -> Result<ClientPage, StoreError> {
    let measure = Measure::take(tx, filter)?;
    let shared = parameters(filter, &measure);
    let count = format!("select count(*) from clients where {}", matching(filter.kind));
    let total: i64 = tx.prepare_cached(&count)?.query_row(params_from_iter(&shared), |row| row.get(0))?;
    let mut statement = tx.prepare_cached(&page_sql(filter.kind, order))?;
    let rest = place_values(order.after.as_ref()).into_iter().chain([i64::from(limit).saturating_add(1).into()]);
    let rows =
        statement.query_map(params_from_iter(shared.into_iter().chain(rest)), |row| Ok((measure.client(row)?, place(order.by, row)?)))?;
    let mut found = rows.collect::<Result<Vec<_>, _>>()?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| has_more).map(|(_, place)| place.clone());
    Ok(ClientPage { clients: found.into_iter().map(|(client, _)| client).collect(), next, total: total.max(0).cast_unsigned() })
}

/// One walk over the directory for all of them.
fn counts(tx: &Connection, filter: &ClientFilter) -> Result<ClientCounts, StoreError> {
    const KINDS: [ClientKind; 7] = [
        ClientKind::Online,
        ClientKind::Offline,
        ClientKind::Silent,
        ClientKind::Outdated,
        ClientKind::Legacy,
        ClientKind::Important,
        ClientKind::Disputed,
    ];
    let measure = Measure::take(tx, filter)?;
    let sums: Vec<String> = KINDS.map(|kind| format!("coalesce(sum({}), 0)", condition(kind))).into();
    let sql = format!("select count(*), {} from clients where {}", sums.join(", "), matching(ClientKind::All));
    Ok(tx.prepare_cached(&sql)?.query_row(params_from_iter(parameters(filter, &measure)), |row| {
        let count = |column| row.get::<_, i64>(column).map(|count| count.max(0).cast_unsigned());
        Ok(ClientCounts {
            all: count(0)?,
            online: count(1)?,
            offline: count(2)?,
            silent: count(3)?,
            outdated: count(4)?,
            legacy: count(5)?,
            important: count(6)?,
            disputed: count(7)?,
            newest_version: measure.version.clone(),
        })
    })?)
}

fn one(tx: &Connection, key: &str, filter: &ClientFilter) -> Result<Client, StoreError> {
    let measure = Measure::take(tx, filter)?;
    let sql = format!("select {FIELDS} from clients where {BY_KEY}");
    let found = tx.prepare_cached(&sql)?.query_row([key], |row| measure.client(row)).optional()?;
    found.ok_or(StoreError::Missing("the client"))
}

fn waiting(tx: &Connection, now: Timestamp, client: ClientId) -> Result<(Vec<WaitingAlert>, u64), StoreError> {
    let count = format!("select count(*) {WAITING}");
    let total: i64 = tx.prepare_cached(&count)?.query_row(params![client.0, now.as_millis()], |row| row.get(0))?;
    let sql = format!("select a.id, a.severity, a.title, a.text, a.sent_at {WAITING} order by a.severity desc, a.seq limit ?3");
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map(params![client.0, now.as_millis(), NAMED], |row| {
        Ok(WaitingAlert {
            id: row::alert_id(row, 0)?,
            severity: row::severity(row, 1)?,
            title: row.get(2)?,
            text: row.get(3)?,
            sent_at: row::time(row, 4)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, total.max(0).cast_unsigned()))
}

#[cfg(test)]
mod tests {
    use rusqlite_migration::Migrations;

    use super::*;

    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("explain query plan {sql}")).expect("a statement");
        let nothing = vec![Value::Null; statement.parameter_count()];
        let rows = statement.query_map(params_from_iter(nothing), |row| row.get::<_, String>(3)).expect("a plan");
        rows.collect::<Result<Vec<_>, _>>().expect("lines").join("\n")
    }

    /// Wherever a list is read from, it comes in order out of an index, and goes on where the page before ended.
    #[test]
    fn every_page_comes_sorted_out_of_an_index() {
        let mut connection = Connection::open_in_memory().expect("a database");
        Migrations::from_slice(super::super::MIGRATIONS).to_latest(&mut connection).expect("tables");
        for by in [ClientSort::Name, ClientSort::Seen, ClientSort::Created, ClientSort::Version] {
            for kind in [ClientKind::All, ClientKind::Online, ClientKind::Silent, ClientKind::Outdated, ClientKind::Important] {
                for descending in [false, true] {
                    let after = Some(if by == ClientSort::Name { ClientPlace::Name("a".into()) } else { ClientPlace::Time(1, 1) });
                    let plan = plan(&connection, &page_sql(kind, &ClientOrder { by, descending, after }));
                    let first = plan.lines().next().unwrap_or_default();
                    assert!(first.starts_with("SEARCH clients USING INDEX"), "{by:?} {kind:?}:\n{plan}");
                    assert!(!plan.contains("USE TEMP B-TREE"), "{by:?} {kind:?}:\n{plan}");
                }
            }
        }
    }

    #[test]
    fn what_waits_for_a_client_is_found_without_reading_every_delivery() {
        let mut connection = Connection::open_in_memory().expect("a database");
        Migrations::from_slice(super::super::MIGRATIONS).to_latest(&mut connection).expect("tables");
        let plan = plan(&connection, &format!("select count(*) {WAITING}"));
        assert!(plan.contains("SEARCH d USING") && plan.contains("deliveries_open"), "{plan}");
    }
}
