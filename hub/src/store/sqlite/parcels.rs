//! What is due to leave: leased to the courier, and what became of it.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use shared::{AlertId, Timestamp};

use super::emails::{self, Attempt};
use super::{Store, row, webhooks};
use crate::store::{Carrier, EmailLog, EmailStatus, Fate, Letter, Parcel, ParcelRow, Settled, StoreError, WaitingParcels};

/// Longer than any attempt takes.
const LEASE_MS: i64 = 5 * 60_000;
/// No wait is longer: a row that is due later than this was put off by a clock that was wrong.
const FAR_MS: i64 = 2 * 60 * 60_000;
/// Rows that are looked at together, and parcels that are made of them.
const ROWS: i64 = 2_000;
const PARCELS: usize = 16;
/// Parcels of one webhook at a time, so that one which never answers does not hold up the others.
const OF_ONE_WEBHOOK: usize = 2;

const DUE: &str = "select id, stable_key, bundle, event_id, alert_id, recipient, subject, payload, attempts from outgoing
    where state = 'waiting' and kind = ?1 and (due_at <= ?2 or due_at > ?2 + ?3)
    and (leased_until is null or leased_until <= ?2 or leased_until > ?2 + ?4)
    order by due_at, id limit ?5";
const CLAIM: &str = "update outgoing set leased_until = ?2, attempts = attempts + 1 where id = ?1 and state = 'waiting'";
const DONE: &str = "update outgoing set state = ?2, leased_until = null where id = ?1";
const AGAIN: &str = "update outgoing set due_at = ?2, leased_until = null where id = ?1";
const RELEASE: &str = "update outgoing set leased_until = null where state = 'waiting' and leased_until is not null";
const FORGET: &str = "delete from outgoing where state <> 'waiting' and created_at < ?1";
const FORGET_PACE: &str = "delete from outgoing_pace where began_at < ?1";
const FORGET_CALLS: &str = "delete from webhook_attempts where created_at < ?1";
// Attempts, not hours: a clock that jumps makes no mail stuck.
const WAITING: &str = "select count(*) filter (where kind = 'mail'), count(*) filter (where kind = 'webhook'),
    count(*) filter (where kind = 'mail' and attempts >= ?1) from outgoing where state = 'waiting'";
/// A mail that was tried so often has waited for five minutes.
const STUCK: u32 = 4;
const SET_OPERATORS: &str = "insert into meta (key, value) values ('mail_to', ?1) on conflict (key) do update set value = excluded.value";
const NO_OPERATORS: &str = "delete from meta where key = 'mail_to'";

struct Due {
    row: ParcelRow,
    key: String,
    bundle: Option<String>,
    recipient: String,
    letter: Letter,
    attempts: u32,
}

impl Store {
    /// Who is mailed about events from now on, one a line; `None`: nothing is mailed. What was leased by a hub that ended is free.
    pub async fn set_operators(&self, operators: Option<String>) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(RELEASE)?.execute([])?;
            match operators {
                Some(lines) => tx.prepare_cached(SET_OPERATORS)?.execute([lines])?,
                None => tx.prepare_cached(NO_OPERATORS)?.execute([])?,
            };
            Ok(())
        })
        .await
    }

    /// What is due now, leased to the caller. The writer is asked only if something is.
    pub async fn claim_parcels(&self, now: Timestamp, carrier: Carrier) -> Result<Vec<Parcel>, StoreError> {
        let found = self.read(move |tx| due(tx, now, carrier)).await?;
        let parcels = parcels(found, carrier);
        if parcels.is_empty() {
            return Ok(parcels);
        }
        self.write(move |tx| {
            let until = now.plus_millis(LEASE_MS).as_millis();
            let mut claimed = Vec::with_capacity(parcels.len());
            for mut parcel in parcels {
                let mut claim = tx.prepare_cached(CLAIM)?;
                parcel.attempts += 1;
                for row in &parcel.rows {
                    claim.execute(params![row.id, until])?;
                }
                claimed.push(parcel);
            }
            Ok(claimed)
        })
        .await
    }

    /// Writes down an attempt and what follows from it; the rows of the audit, if it was a mail.
    pub async fn settle_parcel(
        &self,
        now: Timestamp,
        carrier: Carrier,
        parcel: Parcel,
        settled: Settled,
    ) -> Result<Vec<EmailLog>, StoreError> {
        self.write(move |tx| {
            let mut logs = Vec::new();
            for row in &parcel.rows {
                close(tx, row.id, settled.fate)?;
                match carrier {
                    Carrier::Mail => logs.push(emails::append(tx, now, attempt(&parcel.recipient, row, &settled))?),
                    Carrier::Webhook => {
                        let status = if settled.fate == Fate::Done { "sent" } else { "failed" };
                        webhooks::note(tx, now, &parcel.recipient, row.event, status, &settled.detail)?;
                    }
                }
            }
            Ok(logs)
        })
        .await
    }

    /// A row of the audit about a mail that never was in the queue.
    pub async fn note_email(
        &self,
        now: Timestamp,
        recipient: String,
        subject: String,
        status: EmailStatus,
        detail: String,
    ) -> Result<EmailLog, StoreError> {
        self.write(move |tx| {
            emails::append(tx, now, Attempt { event: None, alert: None, recipient: &recipient, subject: &subject, status, detail: &detail })
        })
        .await
    }

    /// How much waits to leave.
    pub async fn waiting_parcels(&self) -> Result<WaitingParcels, StoreError> {
        self.read(|tx| {
            Ok(tx
                .prepare_cached(WAITING)?
                .query_row([STUCK], |row| Ok(WaitingParcels { mails: row.get(0)?, webhooks: row.get(1)?, stuck_mails: row.get(2)? }))?)
        })
        .await
    }

    /// Forgets what has left or was given up before a time.
    pub async fn forget_parcels(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx| {
            for sql in [FORGET, FORGET_PACE, FORGET_CALLS] {
                tx.prepare_cached(sql)?.execute([before.as_millis()])?;
            }
            Ok(())
        })
        .await
    }
}

fn due(tx: &Connection, now: Timestamp, carrier: Carrier) -> Result<Vec<Due>, StoreError> {
    let mut statement = tx.prepare_cached(DUE)?;
    let values = params![carrier.as_str(), now.as_millis(), FAR_MS, LEASE_MS, ROWS];
    let rows = statement.query_map(values, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Due> {
    let alert: Option<String> = row.get(4)?;
    let alert = alert.map(|id| AlertId::parse(&id).map_err(|_| row::broken(4, Type::Text))).transpose()?;
    Ok(Due {
        row: ParcelRow { id: row.get(0)?, event: row.get(3)?, alert, subject: row.get(6)? },
        key: row.get(1)?,
        bundle: row.get(2)?,
        recipient: row.get(5)?,
        letter: serde_json::from_str(row.get_ref(7)?.as_str()?).map_err(|_| row::broken(7, Type::Text))?,
        attempts: row.get(8)?,
    })
}

/// Rows of one bundle and recipient leave together; the others alone.
fn parcels(found: Vec<Due>, carrier: Carrier) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut of_recipient: BTreeMap<String, usize> = BTreeMap::new();
    for due in found {
        let Due { row, key, bundle, recipient, letter, attempts } = due;
        let group = bundle.map(|bundle| (bundle, recipient.clone()));
        if let Some(parcel) = group.as_ref().and_then(|group| places.get(group)).and_then(|place| parcels.get_mut(*place)) {
            parcel.rows.push(row);
            parcel.letters.push(letter);
            continue;
        }
        let taken = of_recipient.entry(recipient.clone()).or_default();
        if parcels.len() >= PARCELS || (carrier == Carrier::Webhook && *taken >= OF_ONE_WEBHOOK) {
            continue;
        }
        *taken += 1;
        if let Some(group) = group {
            places.insert(group, parcels.len());
        }
        parcels.push(Parcel { rows: vec![row], key, recipient, letters: vec![letter], attempts });
    }
    parcels
}

fn close(tx: &Connection, id: i64, fate: Fate) -> Result<(), StoreError> {
    match fate {
        Fate::Done => tx.prepare_cached(DONE)?.execute(params![id, "done"])?,
        Fate::GivenUp => tx.prepare_cached(DONE)?.execute(params![id, "failed"])?,
        Fate::Again(due) => tx.prepare_cached(AGAIN)?.execute(params![id, due.as_millis()])?,
    };
    Ok(())
}

fn attempt<'a>(recipient: &'a str, row: &'a ParcelRow, settled: &'a Settled) -> Attempt<'a> {
    let status = if settled.fate == Fate::Done { EmailStatus::Sent } else { EmailStatus::Failed };
    Attempt { event: row.event, alert: row.alert, recipient, subject: &row.subject, status, detail: &settled.detail }
}
