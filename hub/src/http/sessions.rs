//! Logging in and out, and what the panel keeps for its user.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::access::Role;
use serde::{Deserialize, Serialize};
use shared::{Name, Timestamp};

use super::auth::{Login, Reader};
use super::extract::Body;
use super::limits::LimitWords;
use super::problem::Problem;
use crate::hub::Hub;
use crate::security::token::Token;
use crate::store::{Actor, User};

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

/// The token is for this tab's memory; it is said once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LoggedIn {
    pub token: String,
    pub username: String,
    pub role: RoleWord,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleWord {
    Admin,
    Technician,
    Viewer,
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Technician => Self::Technician,
            Role::Viewer => Self::Viewer,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    pub username: String,
    pub role: RoleWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    pub theme: Theme,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What a technician is limited to.
    pub limits: LimitWords,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Es,
    En,
}

/// Kept on the hub: nothing of a user stays in a browser.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Preferences {
    pub theme: Theme,
    pub language: Language,
}

impl Theme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: Option<&str>) -> Self {
        match text {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }
}

impl Language {
    fn as_str(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "es" => Some(Self::Es),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// Log in as a technician or a viewer.
#[utoipa::path(post, path = "/api/login", tag = "sessions", request_body = Credentials, security(()),
    responses((status = 200, body = LoggedIn), (status = 401, body = Problem)))]
pub async fn login(State(hub): State<Arc<Hub>>, Body(credentials): Body<Credentials>) -> Result<Json<LoggedIn>, Problem> {
    enter(&hub, credentials, |role| role != Role::Admin).await
}

/// Log in as admin alone.
#[utoipa::path(post, path = "/api/admin/login", tag = "sessions", request_body = Credentials, security(()),
    responses((status = 200, body = LoggedIn), (status = 401, body = Problem)))]
pub async fn admin_login(State(hub): State<Arc<Hub>>, Body(credentials): Body<Credentials>) -> Result<Json<LoggedIn>, Problem> {
    enter(&hub, credentials, |role| role == Role::Admin).await
}

/// An unknown user costs the same time as a wrong password.
async fn enter(hub: &Hub, credentials: Credentials, admits: impl Fn(Role) -> bool) -> Result<Json<LoggedIn>, Problem> {
    let name = Name::parse(&credentials.username).ok();
    let user = match &name {
        Some(name) => hub.store.user(name).await?.filter(|user| admits(user.role)),
        None => None,
    };
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let is_right = hub.passwords.verify(credentials.password, stored).await?;
    match user {
        Some(user) if is_right => open(hub, user).await,
        known => {
            // What belongs to nobody may be a password typed into the wrong field: it is not kept.
            let who = known.map_or_else(|| "?".to_owned(), |user| user.name);
            hub.store.record_action(hub.clock.now(), &Actor::new(who), "session.refused", "failed to log in".into()).await?;
            Err(Problem::wrong_credentials())
        }
    }
}

async fn open(hub: &Hub, user: User) -> Result<Json<LoggedIn>, Problem> {
    let token = Token::random();
    let now = hub.clock.now();
    let longest_ms = i64::try_from(hub.config.auth.longest.as_millis()).unwrap_or(i64::MAX);
    let ends_at = now.plus_millis(longest_ms);
    hub.store.add_session(now, &Actor::new(&user.name), user.id, token.hash(), ends_at).await?;
    Ok(Json(LoggedIn { token: token.as_str().to_owned(), username: user.name, role: user.role.into(), expires_at: ends_at }))
}

/// Log out: the token and its sockets are over.
#[utoipa::path(post, path = "/api/logout", tag = "sessions", responses((status = 204)))]
pub async fn logout(State(hub): State<Arc<Hub>>, Reader(caller): Reader) -> Result<StatusCode, Problem> {
    if let Some(Login { token_hash, .. }) = caller.login {
        hub.store.end_session(hub.clock.now(), &caller.actor(), token_hash).await?;
        hub.panels.end_session(token_hash);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/session", tag = "sessions", responses((status = 200, body = Session)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(caller): Reader) -> Result<Json<Session>, Problem> {
    let login = caller.login.as_ref();
    let limits = match Name::parse(&caller.name) {
        Ok(name) if caller.role == Role::Technician => hub.store.limits(&name).await?.into(),
        _ => LimitWords::default(),
    };
    Ok(Json(Session {
        limits,
        role: caller.role.into(),
        expires_at: login.map(|login| login.ends_at),
        theme: Theme::parse(login.and_then(|login| login.theme.as_deref())),
        language: login.and_then(|login| login.language.as_deref()).and_then(Language::parse),
        username: caller.name,
    }))
}

/// Keep theme and language for the user.
#[utoipa::path(put, path = "/api/session/preferences", tag = "sessions", request_body = Preferences,
    responses((status = 200, body = Preferences), (status = 422, body = Problem)))]
pub async fn prefer(
    State(hub): State<Arc<Hub>>,
    Reader(caller): Reader,
    Body(preferences): Body<Preferences>,
) -> Result<Json<Preferences>, Problem> {
    if let Some(login) = caller.login {
        let (theme, language) = (preferences.theme.as_str(), preferences.language.as_str());
        hub.store.set_preferences(login.user, theme.into(), language.into()).await?;
    }
    Ok(Json(preferences))
}
