//! `/api/account`: what everybody who logs in may do about their own account.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::access::Role;
use serde::Deserialize;
use shared::Name;

use super::auth::{Caller, Present};
use super::extract::{Body, Path};
use super::open_sessions::{self, SessionList};
use super::problem::Problem;
use crate::hub::Hub;
use crate::security::attempts::{PASSWORDS, Who};
use crate::security::password;

#[derive(Deserialize, utoipa::ToSchema)]
pub struct OwnPassword {
    pub current: String,
    pub password: String,
}

/// Change one's own password; every other log-in ends.
#[utoipa::path(put, path = "/api/account/password", tag = "account", request_body = OwnPassword,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn change_password(
    State(hub): State<Arc<Hub>>,
    Present(caller): Present,
    Body(request): Body<OwnPassword>,
) -> Result<StatusCode, Problem> {
    let login = caller.own_login()?;
    if caller.role == Role::Admin {
        return Err(Problem::forbidden("`admin` changes its password on the hub's machine: `pregon-hub user passwd admin`"));
    }
    password::check(&request.password, &caller.name).map_err(|unfit| Problem::field("password", unfit.to_string()))?;
    check_own_password(&hub, &caller, request.current, "current").await?;
    let hash = hub.passwords.hash(request.password).await?;
    let ended = hub.store.change_own_password(hub.clock.now(), &caller.actor(), login.user, hash, login.token_hash).await?;
    for token in ended {
        hub.panels.end_session(token);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// One's own log-ins.
#[utoipa::path(get, path = "/api/account/sessions", tag = "account", responses((status = 200, body = SessionList)))]
pub async fn sessions(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<Json<SessionList>, Problem> {
    let login = caller.own_login()?;
    Ok(Json(open_sessions::listed(&hub, &caller, Some(login.user)).await?))
}

/// End one of one's own log-ins.
#[utoipa::path(delete, path = "/api/account/sessions/{id}", tag = "account", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end_session(State(hub): State<Arc<Hub>>, Present(caller): Present, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let user = caller.own_login()?.user;
    open_sessions::end_one(&hub, &caller, Some(user), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of one's own log-ins but the one that asks.
#[utoipa::path(delete, path = "/api/account/sessions", tag = "account", responses((status = 204)))]
pub async fn end_other_sessions(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<StatusCode, Problem> {
    let login = caller.own_login()?;
    for token in hub.store.end_other_sessions(hub.clock.now(), &caller.actor(), login.user, login.token_hash).await? {
        hub.panels.end_session(token);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether this is the caller's password; guessing is slowed down as at the log-in.
pub async fn check_own_password(hub: &Hub, caller: &Caller, password: String, field: &str) -> Result<(), Problem> {
    let name = Name::parse(&caller.name).map_err(|reason| Problem::field(field, reason.to_string()))?;
    let who = Who::Own(caller.own_login()?.user);
    let held = hub.attempts.begin(who.clone(), &PASSWORDS, hub.clock.now())?;
    tokio::time::sleep(held).await;
    let stored = hub.store.user(&name).await?.map(|user| user.password_hash);
    if !hub.passwords.verify(password, stored).await? {
        return Err(Problem::field(field, "is wrong"));
    }
    hub.attempts.clear(&who);
    Ok(())
}
