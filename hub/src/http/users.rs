//! `/api/users`: who may log in. `admin` is neither listed nor changed here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::access::Role;
use serde::{Deserialize, Serialize};
use shared::{Name, Timestamp};

use super::auth::{Administrator, Caller};
use super::extract::{self, Body, Path};
use super::limits::{self, LimitWords};
use super::problem::Problem;
use crate::hub::{ADMIN, Hub};
use crate::security::password;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct User {
    pub username: String,
    pub role: UserRole,
    pub created_at: Timestamp,
    pub limits: LimitWords,
    /// There is a second factor.
    pub totp: bool,
}

/// What a user may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    Technician,
    Viewer,
}

impl From<UserRole> for Role {
    fn from(role: UserRole) -> Self {
        match role {
            UserRole::Technician => Self::Technician,
            UserRole::Viewer => Self::Viewer,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UserList {
    pub users: Vec<User>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewUser {
    pub username: String,
    pub password: String,
    pub role: UserRole,
    /// Of a technician.
    #[serde(default)]
    pub limits: LimitWords,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct UserChange {
    pub password: Option<String>,
    pub role: Option<UserRole>,
    /// Both limits anew; log-ins go on.
    pub limits: Option<LimitWords>,
}

#[utoipa::path(get, path = "/api/users", tag = "users", responses((status = 200, body = UserList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<UserList>, Problem> {
    let users = hub.store.users().await?;
    let mut listed = Vec::with_capacity(users.len());
    for user in users {
        let role = match user.role {
            Role::Admin => continue,
            Role::Technician => UserRole::Technician,
            Role::Viewer => UserRole::Viewer,
        };
        let limits = hub.store.limits(&extract::name("name", &user.name)?).await?.into();
        listed.push(User { username: user.name, role, created_at: user.created_at, limits, totp: user.totp_since.is_some() });
    }
    Ok(Json(UserList { users: listed }))
}

#[utoipa::path(post, path = "/api/users", tag = "users", request_body = NewUser,
    responses((status = 201, body = User), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<NewUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let name = extract::name("username", &request.username)?;
    if is_admin(&name) {
        return Err(Problem::field("username", "is taken"));
    }
    let limits = limits::checked(&hub, request.limits).await?;
    let hash = hashed(&hub, &name, request.password).await?;
    let now = hub.clock.now();
    hub.store.add_user(now, &caller.actor(), &name, request.role.into(), hash, limits.clone()).await?;
    Ok((
        StatusCode::CREATED,
        Json(User { username: name.to_string(), role: request.role, created_at: now, limits: limits.into(), totp: false }),
    ))
}

/// Change a password or a role; the user's log-ins end at once.
#[utoipa::path(patch, path = "/api/users/{name}", tag = "users", params(("name" = String, Path)), request_body = UserChange,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(request): Body<UserChange>,
) -> Result<StatusCode, Problem> {
    let name = changeable(&caller, &name, request.role.is_some() || request.limits.is_some())?;
    let user = hub.store.user(&name).await?.ok_or_else(|| Problem::not_found("the user"))?;
    let hash = match request.password {
        Some(password) => Some(hashed(&hub, &name, password).await?),
        None => None,
    };
    let limits = match request.limits {
        Some(words) => Some(limits::checked(&hub, words).await?),
        None => None,
    };
    let ends_sessions = request.role.is_some() || hash.is_some();
    if let Some(limits) = limits {
        hub.store.set_limits(hub.clock.now(), &caller.actor(), &name, limits).await?;
    }
    if let Some(role) = request.role {
        hub.store.set_role(hub.clock.now(), &caller.actor(), &name, role.into()).await?;
    }
    if let Some(hash) = hash {
        hub.store.set_password(hub.clock.now(), &caller.actor(), &name, hash).await?;
    }
    if ends_sessions {
        hub.panels.end_user(user.id);
    }
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/users/{name}", tag = "users", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let name = changeable(&caller, &name, true)?;
    let user = hub.store.user(&name).await?.ok_or_else(|| Problem::not_found("the user"))?;
    hub.store.remove_user(hub.clock.now(), &caller.actor(), &name).await?;
    hub.panels.end_user(user.id);
    Ok(StatusCode::NO_CONTENT)
}

/// The password of `admin` is changed on the hub's own machine; nothing else of `admin` ever is.
fn changeable(caller: &Caller, name: &str, beyond_password: bool) -> Result<Name, Problem> {
    let name = extract::name("name", name)?;
    if is_admin(&name) && (beyond_password || caller.login.is_some()) {
        return Err(Problem::forbidden("`admin` cannot be changed here; use `pregon-hub user passwd admin` on the hub's machine"));
    }
    Ok(name)
}

pub fn is_admin(name: &Name) -> bool {
    Name::parse(ADMIN).is_ok_and(|admin| admin.key() == name.key())
}

async fn hashed(hub: &Hub, name: &Name, password: String) -> Result<String, Problem> {
    password::check(&password, name.as_str()).map_err(|unfit| Problem::field("password", unfit.to_string()))?;
    Ok(hub.passwords.hash(password).await?)
}
