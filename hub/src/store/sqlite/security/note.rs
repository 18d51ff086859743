//! Writes down what the guard noticed: event, ban, mail and action log in one transaction.

use rusqlite::{Connection, params};
use shared::Timestamp;

use super::bans;
use crate::store::sqlite::{Store, actions, outgoing};
use crate::store::{Actor, Dispatch, EmailLog, Letter, NewSecurity, Occasion, Pace, SecurityEvent, StoreError, To};
use hub_core::guard::Level;

const INSERT: &str = "insert into security_events (created_at, kind, level, address, client, detail, count)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7) returning id";
/// So long mails about one level are gathered after the first ones.
const WINDOW_MS: i64 = 5 * 60_000;
/// Bans that the action log names one by one; more at once are one row.
const NAMED: usize = 10;
/// Who the action log says it was.
const GUARD: &str = "guard";

impl Store {
    /// Keeps what was noticed, in one transaction: as events, with what was not mailed because nobody is to be.
    pub async fn note_security(
        &self,
        now: Timestamp,
        noticed: Vec<NewSecurity>,
    ) -> Result<(Vec<SecurityEvent>, Vec<EmailLog>), StoreError> {
        self.write(move |tx| {
            let (mut events, mut skipped) = (Vec::with_capacity(noticed.len()), Vec::new());
            for new in &noticed {
                let event = insert(tx, new)?;
                if let Some(ban) = &new.ban {
                    bans::save(tx, ban, GUARD)?;
                }
                if let Some(subject) = &new.subject {
                    skipped.extend(outgoing::enqueue(tx, now, &dispatch(new, event.id, subject))?);
                }
                events.push(event);
            }
            log(tx, now, &noticed)?;
            Ok((events, skipped))
        })
        .await
    }
}

fn insert(tx: &Connection, new: &NewSecurity) -> Result<SecurityEvent, StoreError> {
    let values = params![new.at.as_millis(), new.kind.as_str(), new.level.as_str(), new.address, new.client, new.detail, new.count];
    let id = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0))?;
    let NewSecurity { at, kind, level, address, client, detail, count, .. } = new.clone();
    Ok(SecurityEvent { id, created_at: at, kind, level, ip: address, client, detail, count })
}

fn log(tx: &Connection, now: Timestamp, noticed: &[NewSecurity]) -> Result<(), StoreError> {
    let banned: Vec<_> = noticed.iter().filter_map(|new| new.ban.as_ref()).collect();
    if banned.len() > NAMED {
        let detail = format!("banned {} addresses at once", banned.len());
        return actions::append(tx, now, &Actor::new(GUARD), "security.ban", &detail);
    }
    for ban in banned {
        actions::append(tx, now, &Actor::new(GUARD), "security.ban", &bans::words(ban))?;
    }
    Ok(())
}

fn dispatch(new: &NewSecurity, id: i64, subject: &str) -> Dispatch {
    let mut facts = vec![("level".to_owned(), new.level.as_str().to_uppercase()), ("address".to_owned(), new.address.clone())];
    facts.push(("reason".to_owned(), new.kind.as_str().to_owned()));
    if let Some(client) = &new.client {
        facts.push(("source".to_owned(), client.clone()));
    }
    if new.count > 1 {
        facts.push(("count".to_owned(), new.count.to_string()));
    }
    let alone = if new.level == Level::Critical { 3 } else { 1 };
    Dispatch {
        key: format!("security-{id}"),
        to: To::Operators,
        event: None,
        alert: None,
        letter: Letter {
            occasion: Occasion::Security,
            severity: new.level.severity(),
            subject: subject.to_owned(),
            text: new.detail.clone(),
            facts,
            at: new.at,
        },
        pace: Some(Pace { name: format!("security-{}", new.level.as_str()), window_ms: WINDOW_MS, alone }),
    }
}
