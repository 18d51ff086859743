//! Alerts in the order in which they came, for those who follow them from outside: everybody's, and those of one group.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Audience, Name, Timestamp};

use super::row::ALERT;
use super::{Store, alerts, row};
use crate::store::{Alert, Feed, FeedPlace, FeedStart, StoreError};

/// Alerts looked at in one go.
const STEP: u32 = 200;
/// Who asks for everything gets what is not older.
const OLDEST_MS: i64 = 24 * 60 * 60 * 1_000;

const LAST: &str = "select coalesce(max(seq), 0) from alerts";
const SEQ_OF: &str = "select seq from alerts where id = ?1";
const BEFORE: &str = "select coalesce(max(seq), 0) from alerts where sent_at < ?1";

impl Store {
    /// Where a follower begins.
    pub async fn feed_place(&self, now: Timestamp, start: FeedStart) -> Result<FeedPlace, StoreError> {
        self.read(move |tx| {
            let count = |sql: &str| tx.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0));
            let before = |moment: Timestamp| tx.prepare_cached(BEFORE)?.query_row([moment.as_millis()], |row| row.get::<_, i64>(0));
            let oldest = now.plus_millis(-OLDEST_MS);
            let seq = match start {
                FeedStart::Now => count(LAST)?,
                FeedStart::Latest => count(LAST)?.saturating_sub(1),
                FeedStart::All => before(oldest)?,
                FeedStart::Since(moment) => before(moment.max(oldest))?,
                FeedStart::After(id) => match tx.prepare_cached(SEQ_OF)?.query_row([id.to_string()], |row| row.get(0)).optional()? {
                    Some(seq) => seq,
                    None => before(oldest)?,
                },
            };
            Ok(FeedPlace { seq: seq.max(0).cast_unsigned(), withdrawn_at: now, more: false })
        })
        .await
    }

    /// What is new after a place, oldest first; alerts that no longer stand are left out.
    pub async fn feed(&self, place: FeedPlace, group: Option<String>) -> Result<Feed, StoreError> {
        let group = group.and_then(|group| Name::parse(&group).ok());
        self.read(move |tx| {
            let new = select(tx, "a.seq > ?1 order by a.seq", place.seq.cast_signed())?;
            let withdrawn = select(tx, "a.withdrawn_at > ?1 order by a.withdrawn_at", place.withdrawn_at.as_millis())?;
            let next = FeedPlace {
                seq: new.last().map_or(place.seq, |alert| alert.seq),
                withdrawn_at: withdrawn.last().and_then(|alert| alert.withdrawn_at).unwrap_or(place.withdrawn_at),
                more: new.len() == STEP as usize,
            };
            let reaches = |alert: &Alert| alert.audience.iter().any(|audience| includes(audience, group.as_ref()));
            let alerts = new.into_iter().filter(|alert| alert.withdrawn_at.is_none() && reaches(alert)).collect();
            Ok(Feed { alerts, withdrawn: withdrawn.into_iter().filter(reaches).collect(), next })
        })
        .await
    }
}

fn select(tx: &Connection, which: &str, after: i64) -> Result<Vec<Alert>, StoreError> {
    let sql = format!("select {ALERT} from alerts a where {which} limit ?2");
    let mut statement = tx.prepare_cached(&sql)?;
    let mut found = statement.query_map(params![after, STEP], row::alert)?.collect::<Result<Vec<_>, _>>()?;
    for alert in &mut found {
        alert.audience = alerts::audiences(tx, alert.seq)?;
    }
    Ok(found)
}

fn includes(audience: &Audience, group: Option<&Name>) -> bool {
    match audience {
        Audience::Global => true,
        Audience::Group { name } => group.is_some_and(|group| Name::parse(name).is_ok_and(|name| name.key() == group.key())),
        Audience::Private { .. } => false,
    }
}
