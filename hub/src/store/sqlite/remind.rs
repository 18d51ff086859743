//! Reminders: who has not seen an alert, and how lately they were reminded.

use std::collections::HashSet;

use rusqlite::{Connection, params};
use shared::{AlertId, Timestamp};

use super::{Store, actions, alerts, moments};
use crate::store::{Actor, ClientId, Reminder, StoreError};

/// Between two reminders of one alert, milliseconds: who is disturbed too often looks away.
const PAUSE_MS: i64 = 60_000;

const LAST: &str = "select max(at) from alert_timeline where alert_seq = ?1 and kind = 'reminded'";
// Not yet on a screen, and not over.
const UNSEEN: &str = "select client_id from deliveries where alert_seq = ?1 and state < 3 and displayed_at is null order by client_id";

impl Store {
    /// Notes that those of `connected` who have not seen the alert are reminded of it.
    pub async fn remind(&self, now: Timestamp, actor: &Actor, id: AlertId, connected: HashSet<ClientId>) -> Result<Reminder, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let alert = alerts::load(tx, id)?;
            if alert.withdrawn_at.is_some() {
                return Err(StoreError::Refused("this alert was withdrawn; there is nothing to be reminded of".into()));
            }
            if alert.expires_at.is_some_and(|at| at <= now) {
                return Err(StoreError::Refused("this alert has expired; there is nothing to be reminded of".into()));
            }
            let last: Option<i64> = tx.prepare_cached(LAST)?.query_row([alert.seq.cast_signed()], |row| row.get(0))?;
            // A clock that was put back must not forbid reminders for hours.
            let since = last.map(|at| now.as_millis() - at).filter(|since| (0..PAUSE_MS).contains(since));
            if let Some(since) = since {
                return Ok(Reminder::TooSoon { wait_ms: PAUSE_MS - since });
            }
            let (clients, away) = unseen(tx, alert.seq)?.into_iter().partition::<Vec<_>, _>(|client| connected.contains(client));
            if clients.is_empty() && away.is_empty() {
                return Ok(Reminder::Sent { clients, away: 0 });
            }
            let detail = format!("reminded {} of alert {id}; {} are away", clients.len(), away.len());
            actions::append(tx, now, &actor, "alert.remind", &detail)?;
            let note = moments::Note { clients: Some(clients.len()), away: Some(away.len()), ..moments::Note::new("reminded") };
            moments::note(tx, now, &actor, alert.seq, note)?;
            Ok(Reminder::Sent { clients, away: away.len() })
        })
        .await
    }
}

fn unseen(tx: &Connection, seq: u64) -> Result<Vec<ClientId>, StoreError> {
    let mut statement = tx.prepare_cached(UNSEEN)?;
    let rows = statement.query_map(params![seq.cast_signed()], |row| row.get(0).map(ClientId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
