//! `/api/sessions`: everybody's log-ins, for admin; and how a log-in is shown and ended.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::{Administrator, Caller, is_idle};
use super::extract::{self, Path, Query};
use super::problem::Problem;
use super::sessions::RoleWord;
use crate::hub::Hub;
use crate::store::ListedSession;

/// A log-in that is open now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OpenSession {
    pub id: String,
    pub username: String,
    pub role: RoleWord,
    /// The one that asks.
    pub current: bool,
    pub started_at: Timestamp,
    /// To the minute.
    pub last_used_at: Timestamp,
    /// Never later than this, however busy.
    pub ends_at: Timestamp,
    pub address: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionList {
    pub sessions: Vec<OpenSession>,
    pub total: usize,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// Of this user alone.
    pub user: Option<String>,
}

/// Who is logged in, from where, and since when.
#[utoipa::path(get, path = "/api/sessions", tag = "sessions", params(SessionQuery), responses((status = 200, body = SessionList)))]
pub async fn list(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<SessionQuery>,
) -> Result<Json<SessionList>, Problem> {
    let of = match query.user {
        Some(user) => {
            let name = extract::name("user", &user)?;
            Some(hub.store.user(&name).await?.ok_or_else(|| Problem::not_found("the user"))?.id)
        }
        None => None,
    };
    Ok(Json(listed(&hub, &caller, of).await?))
}

/// End a log-in, whoever's it is; its sockets close at once.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "sessions", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end(State(hub): State<Arc<Hub>>, Administrator(caller): Administrator, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    end_one(&hub, &caller, None, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The log-ins of a user, or of everybody.
pub async fn listed(hub: &Hub, caller: &Caller, of: Option<i64>) -> Result<SessionList, Problem> {
    let sessions: Vec<OpenSession> = open(hub, of).await?.into_iter().map(|session| shape(caller, session)).collect();
    Ok(SessionList { total: sessions.len(), sessions })
}

/// Ends one of the log-ins of a user, or of everybody.
pub async fn end_one(hub: &Hub, caller: &Caller, of: Option<i64>, id: &str) -> Result<(), Problem> {
    let found = open(hub, of).await?.into_iter().find(|session| id_of(&session.token_hash) == id);
    let session = found.ok_or_else(|| Problem::not_found("the log-in"))?;
    let whose = if session.user.name == caller.name { "their own log-in".into() } else { format!("the log-in of {}", session.user.name) };
    let detail = format!("ended {whose} from {}", session.origin.address);
    hub.store.end_session_because(hub.clock.now(), &caller.actor(), session.token_hash, "session.end", detail).await?;
    hub.panels.end_session(session.token_hash);
    Ok(())
}

/// What was left alone for too long is over, though it is still kept.
async fn open(hub: &Hub, of: Option<i64>) -> Result<Vec<ListedSession>, Problem> {
    let now = hub.clock.now();
    let mut sessions = hub.store.sessions(now, of).await?;
    sessions.retain(|session| !is_idle(hub, session.user.role, session.used_at, now));
    Ok(sessions)
}

fn shape(caller: &Caller, session: ListedSession) -> OpenSession {
    OpenSession {
        id: id_of(&session.token_hash),
        current: caller.login.as_ref().is_some_and(|login| login.token_hash == session.token_hash),
        role: session.user.role.into(),
        username: session.user.name,
        started_at: session.started_at,
        last_used_at: session.used_at,
        ends_at: session.ends_at,
        address: session.origin.address,
        user_agent: session.origin.agent,
    }
}

/// The first half of the hash of its token: enough to tell log-ins apart, and nothing that lets anybody in.
fn id_of(token_hash: &[u8; 32]) -> String {
    token_hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
