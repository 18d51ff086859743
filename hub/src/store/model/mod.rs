//! What goes into the store and comes out of it.

mod clients;
mod connection_log;
mod feed;
mod history;
mod life;
mod outgoing;
mod people;
mod reported;
mod rotation;
mod rules;
mod scheduled;
mod security;
mod settings;
mod statistics;
mod timeline;
mod transfer;
mod webhook;

use std::collections::BTreeMap;

use hub_core::access::{Role, Scope};
use hub_core::alert::State;
use serde::Serialize;
use shared::wire::to_hub::{Receipt, ReceiptState};
use shared::{AlertId, Audience, Name, Severity, Timestamp};

use crate::security::token::ClientProof;

pub use self::clients::{
    ActedOn, ChosenClients, Client, ClientAction, ClientCounts, ClientDetail, ClientFilter, ClientKind, ClientOrder, ClientPage,
    ClientPlace, ClientSort, NameConflict, WaitingAlert, WatchedClient,
};
pub use self::connection_log::{ConnectionEntry, ConnectionFilter, ConnectionKind, ConnectionPlace, Rejected};
pub use self::feed::{Feed, FeedPlace, FeedStart};
pub use self::history::{AlertFilter, AlertState, Message, MessageFilter, NewMessage};
pub use self::life::{Amended, Correction, Moment, Overdue, Reminder, Successors};
pub use self::outgoing::{
    Carrier, Dispatch, EmailCounts, EmailFilter, EmailLog, EmailStatus, Fate, Letter, Occasion, Pace, Parcel, ParcelRow, Settled, To,
    WaitingParcels,
};
pub use self::people::{ActionFilter, ActionPage, ListedSession, LoggedAction, NewSession, Origin, SecondFactor};
pub use self::reported::ReportedAlert;
pub use self::rotation::{Rotation, RotationState, Turned};
pub use self::rules::*;
pub use self::scheduled::{NewScheduled, Planner, Scheduled, Sent, Words};
pub use self::security::{Allowed, Ban, BanRow, NewSecurity, SecurityCounts, SecurityEvent, SecurityFilter};
pub use self::timeline::{EventFilter, SeriesPoint, Trace, TraceKind, TracePlace};
pub use self::webhook::{Webhook, WebhookAttempt, WebhookChange};
pub use settings::{Oldest, Retention, Settings};
pub use statistics::{BranchStatistics, BySeverity, Seen, SenderStatistics, Statistics, StatisticsDay, UserStatistics};
pub use transfer::{Export, FORMAT, Imported, SectionChange, VERSION};

/// Row id of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub i64);

/// Who does something; stands in the action log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(pub String);

impl Actor {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

/// What an agent must prove to be let in.
#[derive(Debug, Clone)]
pub struct Identity {
    pub id: ClientId,
    pub name: Name,
    pub proof: ClientProof,
    /// Of a new key that the agent has offered: good as well.
    pub next_proof: Option<ClientProof>,
    pub revoked: bool,
}

/// A live connection, as it begins.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub address: String,
    pub version: Option<String>,
    pub os: Option<String>,
}

/// A connection of the past or present.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Connection {
    pub connected_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnected_at: Option<Timestamp>,
    pub address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A one-time code to be kept: only its hash.
#[derive(Debug, Clone)]
pub struct NewEnrolment {
    pub code_hash: [u8; 32],
    pub name: Option<Name>,
    pub uses: u32,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Enrolment {
    pub id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub uses: u32,
    pub used: u32,
    pub created_at: Timestamp,
    pub created_by: String,
    pub expires_at: Timestamp,
}

/// What became of an attempt to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolOutcome {
    Enrolled(ClientId),
    BadCode,
    /// The name belongs to another client, and the code is not bound to it.
    NameInUse,
}

#[derive(Debug, Clone)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub created_at: Timestamp,
    pub theme: Option<String>,
    pub language: Option<String>,
    /// Since when there is a second factor.
    pub totp_since: Option<Timestamp>,
}

/// A log-in as it is kept.
#[derive(Debug, Clone)]
pub struct PanelSession {
    pub user: User,
    pub used_at: Timestamp,
    /// Never later than this, however busy.
    pub ends_at: Timestamp,
}

/// A group about to be saved; no member twice.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub name: Name,
    pub members: Vec<Name>,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub name: String,
    pub members: Vec<Member>,
}

/// A member of a group; `client` once somebody of this name is enrolled.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub client: Option<ClientId>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct GroupSummary {
    pub name: String,
    pub members: u64,
    /// Members that are connected now.
    pub online: u64,
}

/// A token of a program, about to be kept.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub token_hash: [u8; 32],
    pub name: Name,
    pub scope: Scope,
    pub binding: Binding,
}

/// What a token is bound to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Binding {
    /// Whose screens its escalated events reach, and whose alerts it may receive; everybody unless it says.
    pub group: Option<String>,
    /// What its tool's words of severity mean, where that differs from the usual.
    pub severities: BTreeMap<String, Severity>,
}

impl Binding {
    pub fn audience(&self) -> Option<Audience> {
        self.group.clone().map(|name| Audience::Group { name })
    }
}

/// A token of a program that is good now.
#[derive(Debug, Clone)]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    pub scope: Scope,
    pub binding: Binding,
    pub created_at: Timestamp,
    pub created_by: String,
    pub last_used_at: Option<Timestamp>,
}

/// What is about to be saved as an alert.
#[derive(Debug, Clone)]
pub struct NewAlert {
    pub id: AlertId,
    pub draft: hub_core::alert::Draft,
    pub from: String,
    pub sent_at: Timestamp,
    pub dedup_key: Option<String>,
    /// `(scope, key)`: a retry within 24 hours gets the first alert.
    pub idempotency: Option<(String, String)>,
}

/// A saved alert.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Alert {
    pub id: AlertId,
    pub seq: u64,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub from: String,
    pub audience: Vec<Audience>,
    pub sent_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdraw_reason: Option<String>,
    pub drill: bool,
    pub replies: Vec<String>,
    /// A person may type an answer of their own.
    pub free_reply: bool,
    /// The alert that this one corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<AlertId>,
    /// The alert that corrects this one, which it has taken the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<AlertId>,
}

/// A client that an alert is for, and by which entry of its audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub client: ClientId,
    pub name: String,
    pub audience: u32,
}

/// A saved alert and whom it goes to.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub alert: Alert,
    pub recipients: Vec<Recipient>,
    /// Names in the audience that belong to nobody.
    pub unknown: Vec<String>,
    /// A retry: this alert was saved before and has been sent.
    pub repeated: bool,
}

/// How many deliveries of an alert are in each state; together they are `recipients`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    pub recipients: u64,
    pub queued: u64,
    pub sent: u64,
    pub delivered: u64,
    pub displayed: u64,
    pub dismissed: u64,
    pub expired: u64,
    pub withdrawn: u64,
    pub undeliverable: u64,
    /// Displayed or dismissed at some time, whatever the state is now.
    pub seen: u64,
}

impl Counts {
    pub fn add(&mut self, state: State, deliveries: u64, seen: u64) {
        self.recipients += deliveries;
        self.seen += seen;
        let count = match state {
            State::Queued => &mut self.queued,
            State::Sent => &mut self.sent,
            State::Delivered => &mut self.delivered,
            State::Displayed => &mut self.displayed,
            State::Dismissed => &mut self.dismissed,
            State::Expired => &mut self.expired,
            State::Withdrawn => &mut self.withdrawn,
            State::Undeliverable => &mut self.undeliverable,
        };
        *count += deliveries;
    }
}

/// An alert on its way to one client.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub client: ClientId,
    pub client_name: String,
    pub state: State,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub displayed_at: Option<Timestamp>,
    pub dismissed_at: Option<Timestamp>,
    pub reply: Option<String>,
    pub replied_by: Option<String>,
}

/// The last alert of a page of a backlog: what follows is less severe, or as severe and later.
#[derive(Debug, Clone, Copy)]
pub struct BacklogPlace {
    pub severity: Severity,
    pub seq: u64,
}

/// What a client still has to get.
#[derive(Debug, Clone, Default)]
pub struct Backlog {
    /// Severest first, then oldest; each with the entry of its audience that reached the client.
    pub alerts: Vec<(Alert, Audience)>,
    pub withdrawals: Vec<(AlertId, Option<String>)>,
    /// Everything up to this `seq` is in here.
    pub up_to_seq: u64,
    /// Where the next page begins, if the store holds more than one backlog takes.
    pub next: Option<BacklogPlace>,
}

/// A receipt that moved a delivery on.
#[derive(Debug, Clone)]
pub struct Progress {
    pub alert: AlertId,
    pub client: ClientId,
    pub state: ReceiptState,
    pub at: Timestamp,
    pub reply: Option<String>,
}

/// Receipts of one agent, as they came.
#[derive(Debug, Clone)]
pub struct ReceiptBatch {
    pub client: ClientId,
    pub items: Vec<Receipt>,
}

/// An event about to be saved.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub event: shared::wire::sensor::SensorEvent,
    pub source: String,
    pub channel: &'static str,
    pub verdict: hub_core::rule::Verdict,
    /// In place of everybody's screens, for what came by a token that is bound to a group.
    pub bound_group: Option<String>,
    /// Webhooks that listen by themselves hear of it, unless it is silenced.
    pub reaches_listeners: bool,
}

/// What came of an event.
#[derive(Debug, Clone)]
pub struct EventOutcome {
    pub id: i64,
    pub created_at: Timestamp,
    /// The same `id` was saved before: nothing new happened.
    pub repeated: bool,
    pub consequences: Consequences,
}

/// An alert taken back, and who must hear of it.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    pub alert: Alert,
    pub recipients: Vec<ClientId>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Event {
    pub id: i64,
    pub created_at: Timestamp,
    pub source: String,
    pub severity: Severity,
    pub message: String,
    pub channel: String,
    /// The JSON object as it came, without its token.
    #[schema(value_type = Object)]
    pub raw_payload: Box<serde_json::value::RawValue>,
    /// The silence that kept it from raising anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silenced_by: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub struct EventStatistics {
    pub total: u64,
    pub by_severity: [u64; 4],
    pub by_channel: Vec<(String, u64)>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it to get what follows.
    pub next: Option<String>,
    pub total: u64,
}
