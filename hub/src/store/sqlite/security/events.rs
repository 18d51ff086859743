//! Looking through what the guard noticed, and forgetting it.

use hub_core::guard::{Kind, Level};
use rusqlite::types::{Type, Value};
use rusqlite::{Row, params, params_from_iter};
use shared::Timestamp;

use crate::store::sqlite::{Store, row};
use crate::store::{Page, SecurityCounts, SecurityEvent, SecurityFilter, StoreError};

const WHERE: &str = "(?1 is null or kind = ?1) and (?2 is null or level = ?2) and (?3 is null or address = ?3)
    and (?4 is null or instr(lower(address || char(10) || coalesce(client, '') || char(10) || detail), ?4) > 0)
    and (?5 is null or created_at >= ?5) and (?6 is null or created_at < ?6)";
const BY_LEVEL: &str = "select level, sum(count) from security_events where created_at >= ?1 group by level limit 10";
const FORGET: &str = "delete from security_events where id in (select id from security_events
    where created_at < ?1 or id <= (select coalesce(max(id), 0) - ?2 from security_events) order by id limit ?3)";

impl Store {
    /// What the guard noticed, newest first.
    pub async fn security_events(
        &self,
        filter: SecurityFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<SecurityEvent>, StoreError> {
        self.read(move |tx| {
            let sql = format!("select count(*) from security_events where {WHERE}");
            let total: i64 = tx.prepare_cached(&sql)?.query_row(params_from_iter(conditions(&filter)), |row| row.get(0))?;
            let sql = format!(
                "select id, created_at, kind, level, address, client, detail, count from security_events
                where {WHERE} and (?7 is null or id < ?7) order by id desc limit ?8"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let rest = [before.into(), i64::from(limit).saturating_add(1).into()];
            let rows = statement.query_map(params_from_iter(conditions(&filter).into_iter().chain(rest)), event)?;
            let mut items = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut items, limit, |event| event.id.to_string());
            Ok(Page { items, next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    /// How many there were since then.
    pub async fn security_counts(&self, since: Timestamp) -> Result<SecurityCounts, StoreError> {
        self.read(move |tx| {
            let mut counts = SecurityCounts::default();
            let mut statement = tx.prepare_cached(BY_LEVEL)?;
            let mut rows = statement.query([since.as_millis()])?;
            while let Some(row) = rows.next()? {
                *match level(row, 0)? {
                    Level::Low => &mut counts.low,
                    Level::High => &mut counts.high,
                    Level::Critical => &mut counts.critical,
                } = row.get::<_, i64>(1)?.max(0).cast_unsigned();
            }
            Ok(counts)
        })
        .await
    }

    /// Forgets what is older, and what is beyond the newest so many; at most `limit` at a time. How many went.
    pub async fn forget_security(&self, before: Timestamp, newest: u32, limit: u32) -> Result<usize, StoreError> {
        self.write(move |tx| Ok(tx.prepare_cached(FORGET)?.execute(params![before.as_millis(), newest, limit])?)).await
    }
}

fn conditions(filter: &SecurityFilter) -> [Value; 6] {
    let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    let time = |at: Option<Timestamp>| at.map(Timestamp::as_millis).into();
    [
        text(filter.kind.map(|kind| kind.as_str().to_owned())),
        text(filter.level.map(|level| level.as_str().to_owned())),
        text(filter.address.clone()),
        text(filter.search.as_ref().map(|search| search.to_lowercase())),
        time(filter.from),
        time(filter.to),
    ]
}

fn level(row: &Row<'_>, column: usize) -> rusqlite::Result<Level> {
    Level::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| row::broken(column, Type::Text))
}

fn event(row: &Row<'_>) -> rusqlite::Result<SecurityEvent> {
    Ok(SecurityEvent {
        id: row.get(0)?,
        created_at: row::time(row, 1)?,
        kind: Kind::parse(row.get_ref(2)?.as_str()?).ok_or_else(|| row::broken(2, Type::Text))?,
        level: level(row, 3)?,
        ip: row.get(4)?,
        client: row.get(5)?,
        detail: row.get(6)?,
        count: row.get(7)?,
    })
}
