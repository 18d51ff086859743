//! What the agent decides about alerts: an input and the time in, effects out. No clock, no disk, no network, no window.
//!
//! Effects are carried out in their order; when one cannot be stored, nothing is sent until the disk works again.

pub mod popup;

use std::collections::BTreeSet;

use shared::wire::limits;
use shared::wire::to_agent::{Alert, Connected, ReceiptOk, ReceiptsOk, Remind, Withdraw};
use shared::wire::to_hub::{Receipt, ReceiptState, Receipts, ToHub};
use shared::{AlertId, Severity, Timestamp, signature, text};

use crate::inbox::record::Record;
use crate::inbox::{Entry, Inbox, Stage};
use crate::platform::Moment;

/// What was said and not confirmed is said again after this time, milliseconds.
const REPEAT_MS: u64 = 30_000;

/// Everything that the agent knows about alerts and whom it has told.
#[derive(Debug)]
pub struct State {
    inbox: Inbox,
    signing_key: Option<String>,
    linked: bool,
    disk_works: bool,
    /// Receipts said on this link and not yet confirmed.
    said: BTreeSet<(AlertId, ReceiptState)>,
    said_at: Moment,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Up(Connected),
    Down,
    Alert(Box<Alert>),
    Withdraw(Withdraw),
    Remind(Remind),
    ReceiptsOk(ReceiptsOk),
    Displayed { id: AlertId, user: Option<String> },
    Dismissed { id: AlertId, reply: Option<String>, user: Option<String> },
    DiskFailed,
    DiskHealed,
    Tick,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// To disk, durably, before anything that follows.
    Store(Vec<Record>),
    /// Keep the hub's signing key.
    Pin(String),
    Show(Box<Alert>),
    Hide(AlertId),
    /// The hub wants this one looked at: in front, and the window on top.
    Raise(AlertId),
    /// The first sight of something grave, or a reminder.
    Sound,
    Send(ToHub),
    Warn(String),
}

impl State {
    pub fn new(inbox: Inbox, signing_key: Option<String>, now: Moment) -> Self {
        Self { inbox, signing_key, linked: false, disk_works: true, said: BTreeSet::new(), said_at: now }
    }

    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Forgets the ids of what has long been over.
    pub fn forget(&mut self, now: Timestamp) {
        self.inbox.forget(now);
    }

    /// The link took no more: the next input or tick says these again, in fewer frames.
    pub fn unsaid(&mut self, receipts: &Receipts) {
        for receipt in &receipts.items {
            self.said.remove(&(receipt.id, receipt.state));
        }
    }

    /// Takes in what happened at `now`.
    pub fn apply(&mut self, input: Input, now: &Moment) -> Vec<Effect> {
        let mut effects = match input {
            Input::Up(connected) => self.up(connected),
            Input::Down => self.down(),
            Input::Alert(alert) => self.alert(alert, now),
            Input::Withdraw(withdraw) => self.withdraw(withdraw.id, now),
            Input::Remind(remind) => self.remind(remind.id),
            Input::ReceiptsOk(confirmed) => self.confirmed(confirmed.items),
            Input::Displayed { id, user } => self.displayed(id, user, now),
            Input::Dismissed { id, reply, user } => self.dismissed(id, reply, user, now),
            Input::DiskFailed => self.set_disk(false),
            Input::DiskHealed => self.set_disk(true),
            Input::Tick => self.tick(now),
        };
        effects.extend(self.tell(now));
        effects
    }

    fn up(&mut self, connected: Connected) -> Vec<Effect> {
        self.linked = true;
        self.said.clear();
        let mut effects = Vec::new();
        match &self.signing_key {
            None => {
                self.signing_key = Some(connected.signing_key.clone());
                effects.push(Effect::Pin(connected.signing_key));
            }
            Some(pinned) if *pinned != connected.signing_key => {
                effects.push(Effect::Warn("the hub says another signing key than the pinned one; the pinned one counts".into()));
            }
            Some(_) => {}
        }
        if self.inbox.epoch() != Some(&connected.epoch) {
            effects.push(self.store(vec![Record::Epoch { epoch: connected.epoch }]));
        }
        effects
    }

    fn down(&mut self) -> Vec<Effect> {
        self.linked = false;
        self.said.clear();
        Vec::new()
    }

    fn alert(&mut self, mut alert: Box<Alert>, now: &Moment) -> Vec<Effect> {
        let id = alert.id;
        let verdict = self.signing_key.as_deref().ok_or(signature::SignatureError::Key).and_then(|key| signature::verify(&alert, key));
        if let Err(reason) = verdict {
            return vec![Effect::Warn(format!("alert {id} is not shown: {reason}"))];
        }
        if self.inbox.entry(id).is_some() {
            self.say_again(id);
            return Vec::new();
        }
        // Without the hub's own count this PC's clock must do.
        if let (None, Some(expires_at)) = (alert.expires_in_s, alert.expires_at) {
            alert.expires_in_s = Some(u64::try_from(expires_at.millis_since(now.wall)).unwrap_or(0) / 1_000);
        }
        let arrived = Record::Arrived { alert: alert.clone(), at: now.clone() };
        let replaced = alert.replaces.filter(|old| self.inbox.entry(*old).is_none_or(Entry::is_pending));
        let mut effects = if alert.expires_in_s == Some(0) {
            vec![self.store(vec![arrived, Record::Expired { id, at: now.wall }])]
        } else {
            vec![self.store(vec![arrived]), Effect::Show(alert)]
        };
        // After its successor, which takes its place: the screen is never empty in between.
        effects.extend(replaced.into_iter().flat_map(|old| self.withdraw(old, now)));
        effects
    }

    /// Whoever has not closed it yet looks again; the hub is told once more what it has missed.
    fn remind(&mut self, id: AlertId) -> Vec<Effect> {
        match self.inbox.entry(id) {
            None => Vec::new(),
            Some(entry) if entry.is_pending() => vec![Effect::Raise(id), Effect::Sound],
            Some(_) => {
                self.say_again(id);
                Vec::new()
            }
        }
    }

    fn withdraw(&mut self, id: AlertId, now: &Moment) -> Vec<Effect> {
        let withdrawn = |told: &crate::inbox::Told| told.receipt.state == ReceiptState::Withdrawn;
        if self.inbox.entry(id).is_some_and(|entry| entry.told.iter().any(withdrawn)) {
            self.say_again(id);
            return Vec::new();
        }
        vec![self.happened(id, ReceiptState::Withdrawn, None, None, now), Effect::Hide(id)]
    }

    fn confirmed(&mut self, mut items: Vec<ReceiptOk>) -> Vec<Effect> {
        items.retain(|item| self.said.remove(&(item.id, item.state)));
        if items.is_empty() { Vec::new() } else { vec![self.store(vec![Record::Confirmed { items }])] }
    }

    fn displayed(&mut self, id: AlertId, user: Option<String>, now: &Moment) -> Vec<Effect> {
        let Some(Stage::Waiting { alert, .. }) = self.inbox.entry(id).map(|entry| &entry.stage) else { return Vec::new() };
        let is_grave = alert.severity >= Severity::Error;
        let mut effects = vec![self.happened(id, ReceiptState::Displayed, None, user, now)];
        effects.extend(is_grave.then_some(Effect::Sound));
        effects
    }

    fn dismissed(&mut self, id: AlertId, reply: Option<String>, user: Option<String>, now: &Moment) -> Vec<Effect> {
        match self.inbox.entry(id).map(|entry| &entry.stage) {
            Some(Stage::Waiting { .. } | Stage::OnScreen { .. }) => {
                // Whoever dismissed it has taken it off already.
                vec![self.happened(id, ReceiptState::Dismissed, reply, user, now)]
            }
            _ => Vec::new(),
        }
    }

    fn set_disk(&mut self, works: bool) -> Vec<Effect> {
        self.disk_works = works;
        self.said.clear();
        Vec::new()
    }

    fn tick(&mut self, now: &Moment) -> Vec<Effect> {
        if now.millis_since(&self.said_at) >= REPEAT_MS {
            self.said.clear();
        }
        let expired = self.inbox.expired(now);
        if expired.is_empty() {
            return Vec::new();
        }
        let records = expired.iter().map(|id| Record::Expired { id: *id, at: now.wall }).collect();
        let mut effects = vec![self.store(records)];
        effects.extend(expired.into_iter().map(Effect::Hide));
        effects
    }

    fn happened(&mut self, id: AlertId, state: ReceiptState, reply: Option<String>, user: Option<String>, now: &Moment) -> Effect {
        let short = |text: String, limit| text::cut(&text::one_line(&text), limit).to_owned();
        let reply = reply.map(|reply| short(reply, limits::REPLY_CHARS));
        let user = user.map(|user| short(user, limits::LABEL_CHARS));
        self.store(vec![Record::Happened { receipt: Receipt { id, state, at: now.wall, reply, user } }])
    }

    fn store(&mut self, records: Vec<Record>) -> Effect {
        records.iter().for_each(|record| self.inbox.apply(record));
        Effect::Store(records)
    }

    fn say_again(&mut self, id: AlertId) {
        self.inbox.tell_again(id);
        self.said.retain(|(said, _)| *said != id);
    }

    /// The receipts that are owed and not yet said on this link.
    fn tell(&mut self, now: &Moment) -> Vec<Effect> {
        if !self.linked || !self.disk_works {
            return Vec::new();
        }
        let unsaid: Vec<Receipt> = self.inbox.owed().filter(|receipt| !self.said.contains(&(receipt.id, receipt.state))).cloned().collect();
        if !unsaid.is_empty() {
            self.said_at = now.clone();
            self.said.extend(unsaid.iter().map(|receipt| (receipt.id, receipt.state)));
        }
        unsaid.chunks(limits::RECEIPTS).map(|items| Effect::Send(ToHub::Receipts(Receipts { items: items.to_vec() }))).collect()
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
