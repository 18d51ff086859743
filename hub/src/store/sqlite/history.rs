//! Alerts of the past: looked for by words, severity, sender, recipient, time and state.

use rusqlite::{Connection, ToSql, named_params};
use shared::Timestamp;

use super::row::ALERT;
use super::{Store, alerts, row};
use crate::store::{Alert, AlertFilter, AlertState, Counts, Page, StoreError};

const WHERE: &str = "(:words is null or a.seq in (select rowid from alert_words where alert_words match :words))
    and (:severities = 0 or (:severities >> a.severity) & 1)
    and (:sender is null or a.sender = :sender)
    and (:from is null or a.sent_at >= :from) and (:to is null or a.sent_at < :to)
    and (:state is null or :state = case when a.withdrawn_at is not null then 1 when a.expires_at <= :now then 2 else 0 end)
    and (:drill is null or a.drill = :drill)
    and (:group is null or exists (select 1 from alert_audiences u where u.alert_seq = a.seq and u.kind = 'group' and
        u.name_key = :group))
    and (:client is null or exists (select 1 from deliveries d join clients c on c.id = d.client_id
        where d.alert_seq = a.seq and c.name_key = :client))
    and (not :unseen or exists (select 1 from deliveries d where d.alert_seq = a.seq and d.state < 3))";

impl Store {
    /// Alerts that fit, newest first.
    pub async fn alerts(
        &self,
        now: Timestamp,
        filter: AlertFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Page<(Alert, Counts)>, StoreError> {
        self.read(move |tx| {
            let total = with(&filter, now, |values| count(tx, values))?;
            let mut found = with(&filter, now, |values| select(tx, values, before, limit))?;
            let next = row::cut_page(&mut found, limit, |alert| alert.seq.to_string());
            let mut items = Vec::with_capacity(found.len());
            for mut alert in found {
                alert.audience = alerts::audiences(tx, alert.seq)?;
                let counts = alerts::counts(tx, alert.seq)?;
                items.push((alert, counts));
            }
            Ok(Page { items, next, total })
        })
        .await
    }

    /// Everybody who has ever sent an alert, for choosing among them.
    pub async fn senders(&self) -> Result<Vec<String>, StoreError> {
        self.read(|tx| {
            // A jump from name to name along the index, however many alerts there are.
            const SENDERS: &str = "with recursive names (name) as (select min(sender) from alerts union all
                select (select min(sender) from alerts where sender > name) from names where name is not null)
                select name from names where name is not null limit 500";
            let mut statement = tx.prepare_cached(SENDERS)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

type Values<'a> = Vec<(&'static str, &'a dyn ToSql)>;

/// Gives `work` the filter as the parameters of [`WHERE`].
fn with<T>(filter: &AlertFilter, now: Timestamp, work: impl FnOnce(Values<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let words = filter.words.as_deref().and_then(match_of);
    let severities = filter.severities.iter().fold(0_i64, |bits, severity| bits | 1 << severity.rank());
    let state = filter.state.map(|state| match state {
        AlertState::Standing => 0,
        AlertState::Withdrawn => 1,
        AlertState::Expired => 2,
    });
    let (from, to) = (filter.from.map(Timestamp::as_millis), filter.to.map(Timestamp::as_millis));
    let (group, client) = (filter.group.as_ref().map(|name| name.key()), filter.client.as_ref().map(|name| name.key()));
    let now = now.as_millis();
    let values: &[(&'static str, &dyn ToSql)] = named_params! {
        ":words": words, ":severities": severities, ":sender": filter.sender, ":from": from, ":to": to, ":state": state, ":now": now,
        ":drill": filter.drill, ":group": group, ":client": client, ":unseen": filter.unseen,
    };
    work(values.to_vec())
}

fn count(tx: &Connection, values: Values<'_>) -> Result<u64, StoreError> {
    let sql = format!("select count(*) from alerts a where {WHERE}");
    let total: i64 = tx.prepare_cached(&sql)?.query_row(values.as_slice(), |row| row.get(0))?;
    Ok(total.max(0).cast_unsigned())
}

fn select(tx: &Connection, filter: Values<'_>, before: Option<u64>, limit: u32) -> Result<Vec<Alert>, StoreError> {
    let sql =
        format!("select {ALERT} from alerts a where (:before is null or a.seq < :before) and {WHERE} order by a.seq desc limit :limit");
    let (before, limit) = (before.map(u64::cast_signed), limit + 1);
    let place: [(&'static str, &dyn ToSql); 2] = [(":before", &before), (":limit", &limit)];
    let values: Values<'_> = filter.into_iter().chain(place).collect();
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map(values.as_slice(), row::alert)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What somebody typed as a search for the beginnings of all its words; `None` if there is no word in it.
fn match_of(typed: &str) -> Option<String> {
    let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16);
    let all: Vec<String> = words.map(|word| format!("\"{word}\"*")).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::match_of;

    #[test]
    fn what_is_typed_never_becomes_an_expression() {
        let table = [("lote 42", Some("\"lote\"* \"42\"*")), ("\" OR * NEAR(", Some("\"OR\"* \"NEAR\"*")), (" - ", None)];
        for (typed, expected) in table {
            assert_eq!(match_of(typed).as_deref(), expected, "{typed}");
        }
    }
}
