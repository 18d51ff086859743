//! Logging in and out, and what the panel keeps for its user.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use hub_core::access::Role;
use hub_core::guard::Kind;
use serde::{Deserialize, Serialize};
use shared::{Name, Timestamp};

use super::auth::{self, Login, Present};
use super::extract::Body;
use super::limits::LimitWords;
use super::peer::Peer;
use super::problem::Problem;
use super::totp::{self, Proof};
use crate::hub::Hub;
use crate::security::attempts::{PASSWORDS, Who};
use crate::security::guard;
use crate::security::token::Token;
use crate::store::{Actor, NewSession, User};

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Credentials {
    pub username: String,
    pub password: String,
    /// The code of the second factor, or a recovery code; needed when the answer is `/problems/totp_required`.
    pub totp: Option<String>,
}

/// The token is for this tab's memory; it is said once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LoggedIn {
    pub token: String,
    pub username: String,
    pub role: RoleWord,
    pub expires_at: Timestamp,
    /// The role needs a second factor and there is none: nothing else is possible until it is set up.
    pub must_set_up_totp: bool,
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
    /// There is a second factor.
    pub totp: bool,
    /// The role needs a second factor and there is none: nothing else is possible until it is set up.
    pub must_set_up_totp: bool,
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

/// The two doors: one for admin, one for everybody else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Everybody,
    Admin,
}

impl Door {
    fn admits(self, role: Role) -> bool {
        (self == Self::Admin) == (role == Role::Admin)
    }
}

/// Log in as a technician or a viewer.
#[utoipa::path(post, path = "/api/login", tag = "sessions", request_body = Credentials, security(()),
    responses((status = 200, body = LoggedIn), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn login(State(hub): State<Arc<Hub>>, peer: Peer, Body(credentials): Body<Credentials>) -> Result<Json<LoggedIn>, Problem> {
    enter(&hub, &peer, credentials, Door::Everybody).await
}

/// Log in as admin alone. Another user who tries this door is logged out everywhere.
#[utoipa::path(post, path = "/api/admin/login", tag = "sessions", request_body = Credentials, security(()),
    responses((status = 200, body = LoggedIn), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn admin_login(
    State(hub): State<Arc<Hub>>,
    peer: Peer,
    headers: HeaderMap,
    Body(credentials): Body<Credentials>,
) -> Result<Json<LoggedIn>, Problem> {
    end_of_another(&hub, &headers).await?;
    enter(&hub, &peer, credentials, Door::Admin).await
}

/// Whoever knocks at the door of admin while logged in as somebody else loses that log-in.
async fn end_of_another(hub: &Hub, headers: &HeaderMap) -> Result<(), Problem> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((_, token)) = header.and_then(|value| value.split_once(' ')) else { return Ok(()) };
    let Some(caller) = auth::caller(hub, token.trim()).await? else { return Ok(()) };
    let Some(login) = caller.login.as_ref().filter(|_| caller.role != Role::Admin) else { return Ok(()) };
    let detail = "tried the door of admin and was logged out".to_owned();
    hub.store.end_session_because(hub.clock.now(), &caller.actor(), login.token_hash, "session.refused", detail).await?;
    hub.panels.end_session(login.token_hash);
    Ok(())
}

/// An unknown user costs the same time as a wrong password, and hears the same.
async fn enter(hub: &Hub, peer: &Peer, credentials: Credentials, door: Door) -> Result<Json<LoggedIn>, Problem> {
    let name = Name::parse(&credentials.username).ok();
    let who = Who::account(name.as_ref().map_or("", |name| name.key()), peer.address);
    let held = hub.attempts.begin(who.clone(), &PASSWORDS, hub.clock.now())?;
    tokio::time::sleep(held).await;
    let user = match &name {
        Some(name) => hub.store.user(name).await?,
        None => None,
    };
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let is_right = hub.passwords.verify(credentials.password, stored).await?;
    match user {
        Some(user) if is_right && door.admits(user.role) => {
            hub.attempts.clear(&who);
            let proof = second_factor(hub, peer, &user, credentials.totp).await?;
            open(hub, peer, user, proof).await
        }
        known => {
            if let Some(user) = known.as_ref().filter(|_| is_right && door == Door::Admin) {
                let detail = "tried the door of admin and was logged out everywhere".to_owned();
                hub.store.end_sessions_of(hub.clock.now(), &Actor::new(&user.name), user.id, detail).await?;
                hub.panels.end_user(user.id);
            }
            // What belongs to nobody may be a password typed into the wrong field: it is not kept.
            let known = known.filter(|user| door.admits(user.role) || is_right);
            refused(hub, peer, known.map_or_else(|| "?".to_owned(), |user| user.name), "failed to log in").await?;
            Err(Problem::wrong_credentials())
        }
    }
}

/// Asks for the code only after a right password: nobody learns who has a second factor.
async fn second_factor(hub: &Hub, peer: &Peer, user: &User, typed: Option<String>) -> Result<Option<Proof>, Problem> {
    if user.totp_since.is_none() {
        return Ok(None);
    }
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else { return Err(Problem::totp_required()) };
    match totp::prove(hub, user.id, &typed).await? {
        Some(proof) => Ok(Some(proof)),
        None => {
            refused(hub, peer, user.name.clone(), "typed a wrong code of the second factor").await?;
            Err(Problem::totp_wrong())
        }
    }
}

async fn refused(hub: &Hub, peer: &Peer, who: String, what: &str) -> Result<(), Problem> {
    hub.guard.strike(peer.address, Kind::Login, (who != "?").then_some(who.as_str()), what);
    let detail = format!("{what} from {}", peer.address);
    Ok(hub.store.record_action(hub.clock.now(), &Actor::new(who), "session.refused", detail).await?)
}

async fn open(hub: &Hub, peer: &Peer, user: User, proof: Option<Proof>) -> Result<Json<LoggedIn>, Problem> {
    let token = Token::random();
    let now = hub.clock.now();
    let longest_ms = i64::try_from(hub.config.auth.longest.as_millis()).unwrap_or(i64::MAX);
    let ends_at = now.plus_millis(longest_ms);
    let codes_left = proof.and_then(|proof| match proof {
        Proof::OfApp => None,
        Proof::Recovery(left) => Some(left),
    });
    let session = NewSession { user: user.id, token_hash: token.hash(), ends_at, origin: peer.origin(), codes_left };
    hub.store.add_session(now, &Actor::new(&user.name), session).await?;
    guard::proved();
    hub.guard.forgive(peer.address, &user.name);
    Ok(Json(LoggedIn {
        token: token.as_str().to_owned(),
        must_set_up_totp: user.totp_since.is_none() && hub.config.auth.requires_totp(user.role),
        username: user.name,
        role: user.role.into(),
        expires_at: ends_at,
    }))
}

/// Log out: the token and its sockets are over.
#[utoipa::path(post, path = "/api/logout", tag = "sessions", responses((status = 204)))]
pub async fn logout(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<StatusCode, Problem> {
    if let Some(Login { token_hash, .. }) = caller.login {
        hub.store.end_session(hub.clock.now(), &caller.actor(), token_hash).await?;
        hub.panels.end_session(token_hash);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/session", tag = "sessions", responses((status = 200, body = Session)))]
pub async fn show(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<Json<Session>, Problem> {
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
        totp: login.is_some_and(|login| login.has_totp),
        must_set_up_totp: caller.owes_totp(&hub),
        username: caller.name,
    }))
}

/// Keep theme and language for the user.
#[utoipa::path(put, path = "/api/session/preferences", tag = "sessions", request_body = Preferences,
    responses((status = 200, body = Preferences), (status = 422, body = Problem)))]
pub async fn prefer(
    State(hub): State<Arc<Hub>>,
    Present(caller): Present,
    Body(preferences): Body<Preferences>,
) -> Result<Json<Preferences>, Problem> {
    if let Some(login) = caller.login {
        let (theme, language) = (preferences.theme.as_str(), preferences.language.as_str());
        hub.store.set_preferences(login.user, theme.into(), language.into()).await?;
    }
    Ok(Json(preferences))
}
