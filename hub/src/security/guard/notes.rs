//! Writes down what was noticed, a second's worth at a time. An attack of thousands a second becomes a few rows that
//! say how many they stand for.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::fanout::Panels;
use crate::fanout::panels::SecurityNotice;
use crate::store::{NewSecurity, Store};

/// Beyond this a note is dropped: its strike still counts.
pub(super) const QUEUE: usize = 4_096;
/// Room that is left for bans.
pub(super) const FOR_BANS: usize = 1_024;
const BATCH: usize = 4_096;
const GATHER: Duration = Duration::from_millis(500);
/// Rows of one batch; what is beyond is counted in the last of them.
const ROWS: usize = 200;

pub(super) async fn write(store: Store, panels: Panels, clock: Clock, mut noted: mpsc::Receiver<NewSecurity>, stop: CancellationToken) {
    let mut batch = Vec::new();
    loop {
        let received = tokio::select! {
            received = noted.recv_many(&mut batch, BATCH) => received,
            () = stop.cancelled() => {
                noted.close();
                noted.recv_many(&mut batch, BATCH).await
            }
        };
        if received == 0 {
            return;
        }
        match store.note_security(clock.now(), gathered(std::mem::take(&mut batch))).await {
            Ok((events, skipped)) => {
                for event in events {
                    let at = event.created_at;
                    let (kind, client, address) = (event.kind.as_str().to_owned(), event.client.unwrap_or_default(), event.ip);
                    panels.say("security", &SecurityNotice { kind, client, address, at });
                }
                for log in skipped {
                    panels.say("email", &log);
                }
            }
            Err(err) => tracing::warn!(%err, "could not note what the guard noticed"),
        }
        if !stop.is_cancelled() {
            tokio::time::sleep(GATHER).await;
        }
    }
}

/// The same thing from the same address is one row; bans are never put together.
fn gathered(noted: Vec<NewSecurity>) -> Vec<NewSecurity> {
    let mut places: HashMap<_, usize> = HashMap::new();
    let mut rows: Vec<NewSecurity> = Vec::new();
    for new in noted {
        if new.ban.is_some() {
            rows.push(new);
            continue;
        }
        let key = (new.kind, new.level, new.address.clone(), new.client.clone());
        let full = rows.len() >= ROWS;
        let place = places.get(&key).copied().or_else(|| if full { rows.len().checked_sub(1) } else { None });
        match place.and_then(|place| rows.get_mut(place)) {
            Some(row) => {
                row.count = row.count.saturating_add(new.count);
                row.subject = row.subject.take().or(new.subject);
            }
            None => {
                places.insert(key, rows.len());
                rows.push(new);
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use hub_core::guard::{Kind, Level};
    use shared::Timestamp;

    use super::*;

    fn new(address: usize) -> NewSecurity {
        let at = Timestamp::from_millis(0);
        let (address, detail) = (format!("10.0.{}.{}", address / 256, address % 256), String::new());
        NewSecurity { at, kind: Kind::Scanner, level: Level::High, address, client: None, detail, count: 1, ban: None, subject: None }
    }

    #[test]
    fn a_storm_is_a_few_rows_that_count_all() {
        let same = gathered((0..1_000).map(|_| new(1)).collect());
        assert_eq!((same.len(), same.first().map(|row| row.count)), (1, Some(1_000)));
        let many = gathered((0..1_000).map(new).collect());
        assert_eq!((many.len(), many.iter().map(|row| row.count).sum::<u32>()), (ROWS, 1_000));
    }
}
