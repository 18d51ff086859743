//! All that the agent knows of alerts. Pure: it changes by records alone, so that replaying the journal gives it back.

pub mod journal;
pub mod record;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::wire::to_agent::{Alert, ReceiptOk};
use shared::wire::to_hub::{Receipt, ReceiptState};
use shared::{AlertId, Timestamp};

use crate::platform::Moment;
use record::Record;

/// How long an id is remembered after its alert is over.
const MEMORY_MS: i64 = 30 * 24 * 3600 * 1000;

/// The alerts that wait or stand on the screen, and the ids of those that are over.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Inbox {
    epoch: Option<String>,
    entries: BTreeMap<AlertId, Entry>,
}

/// All that is known of one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub stage: Stage,
    /// What the hub was told or is yet to be told, oldest first; one for each state at most.
    pub told: Vec<Told>,
    /// When the last thing happened.
    pub at: Timestamp,
}

/// How far an alert came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// On disk, not yet drawn.
    Waiting {
        alert: Box<Alert>,
        arrived: Moment,
    },
    /// Drawn, and not yet dismissed.
    OnScreen {
        alert: Box<Alert>,
    },
    Dismissed,
    /// Taken back, perhaps before it ever came.
    Withdrawn,
    Expired,
}

/// A receipt, and whether the hub has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub receipt: Receipt,
    pub confirmed: bool,
}

impl Inbox {
    pub fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    pub fn entry(&self, id: AlertId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Alerts that belong on the screen, in the order of their ids.
    pub fn pending(&self) -> impl Iterator<Item = (&Alert, bool)> {
        self.entries.values().filter_map(|entry| match &entry.stage {
            Stage::Waiting { alert, .. } => Some((alert.as_ref(), false)),
            Stage::OnScreen { alert } => Some((alert.as_ref(), true)),
            _ => None,
        })
    }

    /// Receipts that the hub has not confirmed, in the order of their ids.
    pub fn owed(&self) -> impl Iterator<Item = &Receipt> {
        self.entries.values().flat_map(|entry| &entry.told).filter(|told| !told.confirmed).map(|told| &told.receipt)
    }

    /// Waiting alerts whose time has run out.
    pub fn expired(&self, now: &Moment) -> Vec<AlertId> {
        let is_over = |entry: &Entry| match &entry.stage {
            Stage::Waiting { alert, arrived } => {
                alert.expires_in_s.is_some_and(|seconds| now.millis_since(arrived) >= seconds.saturating_mul(1_000))
            }
            _ => false,
        };
        self.entries.iter().filter(|(_, entry)| is_over(entry)).map(|(id, _)| *id).collect()
    }

    /// The hub asks again about something known: it is told again.
    pub fn tell_again(&mut self, id: AlertId) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.told.iter_mut().for_each(|told| told.confirmed = false);
        }
    }

    /// Replays or takes in one record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            // A restored hub sends again what it holds to be active. Ids are never given twice, so what was shown stays
            // shown: the hub only hears the receipts that its copy lacks.
            Record::Epoch { epoch } => self.epoch = Some(epoch.clone()),
            Record::Arrived { alert, at } => self.arrive(alert, at),
            Record::Happened { receipt } => self.happen(receipt),
            Record::Expired { id, at } => self.expire(*id, *at),
            Record::Confirmed { items } => items.iter().for_each(|item| self.confirm(item)),
            Record::Entry { id, entry } => {
                self.entries.insert(*id, entry.clone());
            }
        }
    }

    /// The fewest records that give this inbox; what has long been over is left out.
    pub fn snapshot(&self, now: Timestamp) -> Vec<Record> {
        let epoch = self.epoch.iter().map(|epoch| Record::Epoch { epoch: epoch.clone() });
        let kept = self.entries.iter().filter(|(_, entry)| !entry.is_forgettable(now));
        epoch.chain(kept.map(|(id, entry)| Record::Entry { id: *id, entry: entry.clone() })).collect()
    }

    /// Forgets what has long been over.
    pub fn forget(&mut self, now: Timestamp) {
        self.entries.retain(|_, entry| !entry.is_forgettable(now));
    }

    fn arrive(&mut self, alert: &Alert, at: &Moment) {
        let delivered = Receipt { id: alert.id, state: ReceiptState::Delivered, at: at.wall, reply: None, user: None };
        self.entries.entry(alert.id).or_insert_with(|| Entry {
            stage: Stage::Waiting { alert: Box::new(alert.clone()), arrived: at.clone() },
            told: vec![Told { receipt: delivered, confirmed: false }],
            at: at.wall,
        });
    }

    fn happen(&mut self, receipt: &Receipt) {
        let unknown = || Entry { stage: Stage::Withdrawn, told: Vec::new(), at: receipt.at };
        let entry = match receipt.state {
            ReceiptState::Withdrawn => self.entries.entry(receipt.id).or_insert_with(unknown),
            _ => match self.entries.get_mut(&receipt.id) {
                Some(entry) => entry,
                None => return,
            },
        };
        entry.at = receipt.at;
        entry.advance(receipt.state);
        if entry.told.iter().all(|told| told.receipt.state != receipt.state) {
            entry.told.push(Told { receipt: receipt.clone(), confirmed: false });
        }
    }

    fn expire(&mut self, id: AlertId, at: Timestamp) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.stage = Stage::Expired;
            entry.at = at;
        }
    }

    fn confirm(&mut self, item: &ReceiptOk) {
        let told = self.entries.get_mut(&item.id).map(|entry| entry.told.iter_mut()).into_iter().flatten();
        told.filter(|told| told.receipt.state == item.state).for_each(|told| told.confirmed = true);
    }
}

impl Entry {
    /// It belongs on the screen.
    pub fn is_pending(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. } | Stage::OnScreen { .. })
    }

    fn is_forgettable(&self, now: Timestamp) -> bool {
        !self.is_pending() && self.told.iter().all(|told| told.confirmed) && now.millis_since(self.at) > MEMORY_MS
    }

    /// Stages only move forward.
    fn advance(&mut self, state: ReceiptState) {
        let before = std::mem::replace(&mut self.stage, Stage::Withdrawn);
        self.stage = match (before, state) {
            (Stage::Waiting { alert, .. }, ReceiptState::Displayed) => Stage::OnScreen { alert },
            (Stage::Waiting { .. } | Stage::OnScreen { .. }, ReceiptState::Dismissed) => Stage::Dismissed,
            (Stage::Waiting { .. } | Stage::OnScreen { .. } | Stage::Expired, ReceiptState::Withdrawn) => Stage::Withdrawn,
            (before, _) => before,
        };
    }
}
