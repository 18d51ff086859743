//! `GET /api/clients` and `/api/client-counts`: the directory as people look through it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::Reader;
use super::extract::Query;
use super::problem::Problem;
use super::shape::{limit, read_cursor};
use crate::hub::Hub;
use crate::store::{self, ClientCounts, ClientFilter, ClientKind, ClientOrder, ClientPlace, ClientSort, Rotation};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Days without a connection that make a client silent, unless the asker says.
const SILENT_DAYS: u32 = 30;
const MOST_DAYS: u32 = 3_650;
/// So long a name counts as disputed.
const DISPUTED_DAYS: i64 = 7;
const SEARCH_CHARS: usize = 200;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Client {
    pub name: String,
    pub online: bool,
    /// Since when it is connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Since when its key is good.
    pub key_since: Timestamp,
    /// How far it is with a new key that was asked for.
    pub rotation: Rotation,
    /// Older than this hub, or than the newest agent.
    pub outdated: bool,
    /// An agent of the old kind: it says no version, checks no signature and sends no receipts.
    pub legacy: bool,
    /// Important: technicians are told when it is gone longer than so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub important_after_s: Option<u32>,
    /// When they were told, until it is back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone_noticed_at: Option<Timestamp>,
    /// When somebody last tried its name while it was in use, in the last seven days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed_at: Option<Timestamp>,
    /// The agent's key; said only when it was made by this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Client {
    pub fn of(hub: &Hub, client: store::Client) -> Self {
        let session = hub.registry.find(client.id);
        Self {
            name: client.name,
            online: session.is_some(),
            since: session.map(|session| session.since),
            legacy: client.version.is_none() && client.last_seen.is_some(),
            address: client.address,
            version: client.version,
            os: client.os,
            last_seen: client.last_seen,
            created_at: client.created_at,
            key_since: client.key_since,
            rotation: client.rotation,
            outdated: client.outdated,
            important_after_s: client.important_after_s,
            gone_noticed_at: client.gone_noticed,
            disputed_at: client.disputed,
            key: None,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientList {
    pub clients: Vec<Client>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Clients that match.
    pub total: u64,
    /// Clients connected now, whatever was asked for.
    pub online: usize,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before; good for the same sort only.
    pub cursor: Option<String>,
    /// Part of the name.
    pub search: Option<String>,
    /// `true`: only those connected now; `false`: only those that are not. The same as `filter=online` and `filter=offline`.
    pub online: Option<bool>,
    #[param(inline)]
    pub filter: Option<ClientKind>,
    /// Days without a connection that make a client silent, 1 to 3,650; 30 if absent.
    pub silent_days: Option<u32>,
    #[param(inline)]
    pub sort: Option<ClientSort>,
    /// `true`: the other way round.
    pub descending: Option<bool>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountQuery {
    /// Part of the name.
    pub search: Option<String>,
    /// Days without a connection that make a client silent, 1 to 3,650; 30 if absent.
    pub silent_days: Option<u32>,
}

/// Which clients somebody asks for.
pub fn filter(hub: &Hub, kind: ClientKind, search: Option<String>, silent_days: Option<u32>) -> Result<ClientFilter, Problem> {
    let search = search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if search.as_ref().is_some_and(|text| text.chars().count() > SEARCH_CHARS) {
        return Err(Problem::field("search", format!("must have at most {SEARCH_CHARS} characters")));
    }
    let days = silent_days.unwrap_or(SILENT_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::field("silent_days", format!("must be 1 to {MOST_DAYS}")));
    }
    let now = hub.clock.now();
    Ok(ClientFilter {
        search,
        kind,
        connected: hub.registry.clients(),
        silent_before: now.plus_millis(-i64::from(days) * DAY_MS),
        disputed_since: now.plus_millis(-DISPUTED_DAYS * DAY_MS),
        own_version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// What one client is measured by.
pub fn plain(hub: &Hub) -> Result<ClientFilter, Problem> {
    filter(hub, ClientKind::All, None, None)
}

/// Enrolled clients by name, or as `sort` says.
#[utoipa::path(get, path = "/api/clients", tag = "clients", params(ClientQuery),
    responses((status = 200, body = ClientList), (status = 422, body = Problem)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<ClientQuery>) -> Result<Json<ClientList>, Problem> {
    let kind = match (query.filter, query.online) {
        (Some(kind), _) => kind,
        (None, Some(true)) => ClientKind::Online,
        (None, Some(false)) => ClientKind::Offline,
        (None, None) => ClientKind::All,
    };
    let by = query.sort.unwrap_or_default();
    let after = query.cursor.as_deref().map(|cursor| read_place(by, cursor)).transpose()?;
    let order = ClientOrder { by, descending: query.descending.unwrap_or_default(), after };
    let filter = filter(&hub, kind, query.search, query.silent_days)?;
    let page = hub.store.clients(filter, order, limit(query.limit)).await?;
    Ok(Json(ClientList {
        clients: page.clients.into_iter().map(|client| Client::of(&hub, client)).collect(),
        next_cursor: page.next.map(|place| write_place(&place)),
        total: page.total,
        online: hub.registry.online(),
    }))
}

/// How many clients each filter of the list shows.
#[utoipa::path(get, path = "/api/client-counts", tag = "clients", params(CountQuery),
    responses((status = 200, body = ClientCounts), (status = 422, body = Problem)))]
pub async fn counts(
    State(hub): State<Arc<Hub>>,
    Reader(_): Reader,
    Query(query): Query<CountQuery>,
) -> Result<Json<ClientCounts>, Problem> {
    let filter = filter(&hub, ClientKind::All, query.search, query.silent_days)?;
    Ok(Json(hub.store.client_counts(filter).await?))
}

fn write_place(place: &ClientPlace) -> String {
    URL_SAFE_NO_PAD.encode(match place {
        ClientPlace::Name(key) => key.clone(),
        ClientPlace::Time(at, id) => format!("{at} {id}"),
        ClientPlace::Version(key, id) => format!("{key} {id}"),
    })
}

fn read_place(sort: ClientSort, cursor: &str) -> Result<ClientPlace, Problem> {
    let text = read_cursor(cursor)?;
    let pair = || text.rsplit_once(' ').and_then(|(key, id)| Some((key, id.parse().ok()?)));
    let place = match sort {
        ClientSort::Name => Some(ClientPlace::Name(text)),
        ClientSort::Seen | ClientSort::Created => pair().and_then(|(at, id)| Some(ClientPlace::Time(at.parse().ok()?, id))),
        ClientSort::Version => pair().map(|(key, id)| ClientPlace::Version(key.to_owned(), id)),
    };
    place.ok_or_else(|| Problem::field("cursor", "is not a `next_cursor` of this list, sorted this way"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_only_for_its_sort() {
        let places = [
            (ClientSort::Name, ClientPlace::Name("caja 0002".into())),
            (ClientSort::Seen, ClientPlace::Time(-5, 7)),
            (ClientSort::Version, ClientPlace::Version("0000000001~".into(), 3)),
            (ClientSort::Version, ClientPlace::Version(String::new(), 3)),
        ];
        for (sort, place) in places {
            assert_eq!(read_place(sort, &write_place(&place)).ok(), Some(place));
        }
        let name = write_place(&ClientPlace::Name("caja".into()));
        assert!(read_place(ClientSort::Seen, &name).is_err() && read_place(ClientSort::Version, &name).is_err());
        assert!(read_place(ClientSort::Name, "%%%").is_err());
    }
}
