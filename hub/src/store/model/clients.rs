//! The directory of clients as people look through it.

use hub_core::absence::Departure;
use serde::{Deserialize, Serialize};
use shared::{AlertId, Name, Severity, Timestamp};

use super::{ClientId, Rotation};

/// A client as the directory lists it.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: ClientId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_seen: Option<Timestamp>,
    pub version: Option<String>,
    pub os: Option<String>,
    pub address: Option<String>,
    /// Since when its key is good.
    pub key_since: Timestamp,
    pub rotation: Rotation,
    /// Its version is older than [`ClientFilter::newest`].
    pub outdated: bool,
    /// Technicians are told when it is gone longer than so many seconds.
    pub important_after_s: Option<u32>,
    /// They were told at this time, and it is not back yet.
    pub gone_noticed: Option<Timestamp>,
    /// Somebody tried its name while it was in use, lately.
    pub disputed: Option<Timestamp>,
}

/// Which clients of the directory are asked for, and what they are measured by.
#[derive(Debug, Clone)]
pub struct ClientFilter {
    /// Part of the name, whatever its case and accents.
    pub search: Option<String>,
    pub kind: ClientKind,
    pub connected: Vec<ClientId>,
    /// Not connected, and last seen before this, is silent.
    pub silent_before: Timestamp,
    /// Tries of a name in use count from this time on.
    pub disputed_since: Timestamp,
    /// The version of this hub: an agent that is older than it, or than the newest agent, is outdated.
    pub own_version: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    #[default]
    All,
    Online,
    Offline,
    /// Not connected for so many days.
    Silent,
    /// Older than this hub, or than the newest agent.
    Outdated,
    /// An agent of the old kind, which says no version, checks no signature and sends no receipts.
    Legacy,
    Important,
    /// Somebody tried the name while it was in use, in the last seven days.
    Disputed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientSort {
    /// In the order of the eye.
    #[default]
    Name,
    /// When it last came or went; when it was enrolled if it never came.
    Seen,
    Created,
    Version,
}

/// The last client of a page, by what the list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientPlace {
    Name(String),
    Time(i64, i64),
    Version(String, i64),
}

/// How a list of clients is sorted, and where it goes on.
#[derive(Debug, Clone, Default)]
pub struct ClientOrder {
    pub by: ClientSort,
    pub descending: bool,
    pub after: Option<ClientPlace>,
}

#[derive(Debug, Clone)]
pub struct ClientPage {
    pub clients: Vec<Client>,
    pub next: Option<ClientPlace>,
    pub total: u64,
}

/// How many clients each filter shows, among those that match the search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ClientCounts {
    pub all: u64,
    pub online: u64,
    pub offline: u64,
    pub silent: u64,
    pub outdated: u64,
    pub legacy: u64,
    pub important: u64,
    pub disputed: u64,
    /// What `outdated` is measured by: the version of this hub, or of the newest agent if that is newer.
    pub newest_version: String,
}

/// An alert that a client has not got yet.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WaitingAlert {
    pub id: AlertId,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub sent_at: Timestamp,
}

/// Somebody tried to connect under a name while it was in use.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NameConflict {
    pub address: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub times: u64,
}

/// One client with all that is known of it.
#[derive(Debug, Clone)]
pub struct ClientDetail {
    pub client: Client,
    pub groups: Vec<String>,
    /// The severest that wait, and how many there are.
    pub waiting: Vec<WaitingAlert>,
    pub waiting_total: u64,
    pub conflicts: Vec<NameConflict>,
}

/// A client that technicians are told about when it is gone, or were told about.
#[derive(Debug, Clone)]
pub struct WatchedClient {
    pub id: ClientId,
    pub name: String,
    /// `None`: it is important no longer, or was revoked.
    pub limit_s: Option<u32>,
    /// Technicians know that it is gone.
    pub told: bool,
    /// By [`crate::clock::Clock::lived`].
    pub departure: Departure,
    /// `false`: it was enrolled and has never connected.
    pub has_been_there: bool,
}

/// What is done with many clients at once.
#[derive(Debug, Clone)]
pub enum ClientAction {
    /// Technicians are told when it is gone for so many seconds; `None`: no longer.
    Important(Option<u32>),
    AddToGroup(Name),
    Revoke,
}

#[derive(Debug, Clone)]
pub enum ChosenClients {
    Names(Vec<Name>),
    /// All that a filter shows at that moment.
    Matching(ClientFilter),
}

#[derive(Debug, Clone)]
pub struct ActedOn {
    pub clients: Vec<ClientId>,
    /// Names that nobody is enrolled under.
    pub missing: Vec<String>,
}
