//! `/api/clients`: who is enrolled, who is connected, and shutting one out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::secret::Clave;

use super::auth::{Administrator, Reader};
use super::extract::{self, Body, Path, Query};
use super::problem::Problem;
use super::shape::{limit, read_cursor};
use crate::fanout::registry::End;
use crate::hub::Hub;
use crate::security::token;
use crate::store::{self, ClientFilter, Connection, Presence};

const SECRET_CHARS: usize = 200;

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
    /// The agent's key; said only when it was made by this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientList {
    pub clients: Vec<Client>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Clients that match the search.
    pub total: u64,
    /// Clients connected now, whatever the search.
    pub online: usize,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Part of the name.
    pub search: Option<String>,
    /// `true`: only those connected now; `false`: only those that are not.
    pub online: Option<bool>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewClient {
    pub name: String,
    /// A key that somebody already owns; if absent, one is made and said once.
    pub secret: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionList {
    pub connections: Vec<Connection>,
}

/// Enrolled clients by name.
#[utoipa::path(get, path = "/api/clients", tag = "clients", params(ClientQuery), responses((status = 200, body = ClientList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<ClientQuery>) -> Result<Json<ClientList>, Problem> {
    let presence = query.online.map(|online| {
        let connected = hub.registry.clients();
        if online { Presence::Online(connected) } else { Presence::Offline(connected) }
    });
    let search = query.search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let page = hub.store.clients(ClientFilter { search, presence }, after, limit(query.limit)).await?;
    let clients = page.items.into_iter().map(|client| shape(&hub, client)).collect();
    Ok(Json(ClientList {
        clients,
        next_cursor: page.next.map(|key| URL_SAFE_NO_PAD.encode(key)),
        total: page.total,
        online: hub.registry.online(),
    }))
}

/// Make a client with a key that somebody already owns, or give it a new one.
#[utoipa::path(post, path = "/api/clients", tag = "clients", request_body = NewClient,
    responses((status = 201, body = Client), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<NewClient>,
) -> Result<(StatusCode, Json<Client>), Problem> {
    let name = extract::name("name", &request.name)?;
    if request.secret.as_ref().is_some_and(|secret| secret.is_empty() || secret.chars().count() > SECRET_CHARS) {
        return Err(Problem::field("secret", format!("must have 1 to {SECRET_CHARS} characters")));
    }
    let made = request.secret.is_none().then(token::agent_key);
    let secret = made.as_ref().map_or_else(|| request.secret.as_deref().unwrap_or_default(), |key| key.as_str());
    let (now, pepper) = (hub.clock.now(), *hub.secrets.pepper());
    let id = hub.store.put_client(now, &caller.actor(), &name, pepper, Clave::of_key(secret)).await?;
    if let Some(session) = hub.registry.find(id) {
        session.end(End::Replaced);
    }
    let client = shape(&hub, hub.store.client(&name).await?);
    Ok((StatusCode::CREATED, Json(Client { key: made.map(|key| key.to_string()), ..client })))
}

/// Shut a client out; its session ends at once.
#[utoipa::path(delete, path = "/api/clients/{name}", tag = "clients", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn revoke(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let name = extract::name("name", &name)?;
    let id = hub.store.revoke_client(hub.clock.now(), &caller.actor(), &name).await?;
    if let Some(session) = hub.registry.find(id) {
        session.end(End::Revoked);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// When a client was connected, newest first.
#[utoipa::path(get, path = "/api/clients/{name}/connections", tag = "clients", params(("name" = String, Path)),
    responses((status = 200, body = ConnectionList), (status = 404, body = Problem)))]
pub async fn connections(
    State(hub): State<Arc<Hub>>,
    Reader(_): Reader,
    Path(name): Path<String>,
) -> Result<Json<ConnectionList>, Problem> {
    let name = extract::name("name", &name)?;
    hub.store.client(&name).await?;
    Ok(Json(ConnectionList { connections: hub.store.connections(&name, 500).await? }))
}

fn shape(hub: &Hub, client: store::Client) -> Client {
    let session = hub.registry.find(client.id);
    Client {
        name: client.name,
        online: session.is_some(),
        since: session.map(|session| session.since),
        address: client.address,
        version: client.version,
        os: client.os,
        last_seen: client.last_seen,
        created_at: client.created_at,
        key: None,
    }
}
