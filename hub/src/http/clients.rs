//! `/api/clients`: enrolling with a key that exists, one client as a whole, and shutting one out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::secret::Clave;

use super::auth::{Administrator, Reader};
use super::client_list::Client;
use super::extract::{self, Body, Path, Query};
use super::problem::Problem;
use super::{client_list, shape};
use crate::fanout::registry::End;
use crate::hub::Hub;
use crate::security::token;
use crate::session::rotation;
use crate::store::{Connection, NameConflict, WaitingAlert};

const SECRET_CHARS: usize = 200;
/// Connections that are kept of a client.
const CONNECTIONS: u32 = 500;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewClient {
    pub name: String,
    /// A key that somebody already owns; if absent, one is made and said once.
    pub secret: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionList {
    pub connections: Vec<Connection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConnectionQuery {
    /// Entries of the page, 1 to 500; all that are kept, 500, if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A client with all that is known of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientView {
    #[serde(flatten)]
    pub client: Client,
    /// Groups that it is a member of.
    pub groups: Vec<String>,
    /// Alerts that it has not got yet, the severest first, 50 at most.
    pub waiting: Vec<WaitingAlert>,
    pub waiting_total: u64,
    /// Who else tried its name while it was in use, the latest first.
    pub conflicts: Vec<NameConflict>,
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
    let client = Client::of(&hub, hub.store.client(&name, client_list::plain(&hub)?).await?);
    Ok((StatusCode::CREATED, Json(Client { key: made.map(|key| key.to_string()), ..client })))
}

/// One client: its groups, what waits for it, who else tried its name.
#[utoipa::path(get, path = "/api/clients/{name}", tag = "clients", params(("name" = String, Path)),
    responses((status = 200, body = ClientView), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(name): Path<String>) -> Result<Json<ClientView>, Problem> {
    let name = extract::name("name", &name)?;
    let found = hub.store.client_detail(hub.clock.now(), &name, client_list::plain(&hub)?).await?;
    Ok(Json(ClientView {
        client: Client::of(&hub, found.client),
        groups: found.groups,
        waiting: found.waiting,
        waiting_total: found.waiting_total,
        conflicts: found.conflicts,
    }))
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

/// Ask the agent of a client for a new key. It hears of it at once, or when it connects; its old key is good until it uses the
/// new one.
#[utoipa::path(post, path = "/api/clients/{name}/rotate-key", tag = "clients", params(("name" = String, Path)),
    responses((status = 202, body = Client), (status = 404, body = Problem)))]
pub async fn rotate_key(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<Client>), Problem> {
    let name = extract::name("name", &name)?;
    let id = hub.store.ask_for_new_key(hub.clock.now(), &caller.actor(), &name).await?;
    rotation::ask(&hub, &[id]);
    let client = hub.store.client(&name, client_list::plain(&hub)?).await?;
    Ok((StatusCode::ACCEPTED, Json(Client::of(&hub, client))))
}

/// Call a new key off that the agent has not made yet: it keeps the one it has.
#[utoipa::path(delete, path = "/api/clients/{name}/rotate-key", tag = "clients", params(("name" = String, Path)),
    responses((status = 200, body = Client), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn keep_key(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Client>, Problem> {
    let name = extract::name("name", &name)?;
    hub.store.call_off_new_key(hub.clock.now(), &caller.actor(), &name).await?;
    let client = hub.store.client(&name, client_list::plain(&hub)?).await?;
    Ok(Json(Client::of(&hub, client)))
}

/// When a client was connected, newest first.
#[utoipa::path(get, path = "/api/clients/{name}/connections", tag = "clients", params(("name" = String, Path), ConnectionQuery),
    responses((status = 200, body = ConnectionList), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn connections(
    State(hub): State<Arc<Hub>>,
    Reader(_): Reader,
    Path(name): Path<String>,
    Query(query): Query<ConnectionQuery>,
) -> Result<Json<ConnectionList>, Problem> {
    let name = extract::name("name", &name)?;
    hub.store.client(&name, client_list::plain(&hub)?).await?;
    let limit = query.limit.unwrap_or(CONNECTIONS).clamp(1, CONNECTIONS);
    let page = hub.store.connections(&name, shape::number(query.cursor.as_deref())?, limit).await?;
    Ok(Json(ConnectionList { connections: page.items, next_cursor: page.next, total: page.total }))
}
