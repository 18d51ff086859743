//! Who asks: a bearer token, proved before any handler runs.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use hub_core::access::{Permission, Role, Scope};
use shared::{Audience, Timestamp};
use subtle::ConstantTimeEq as _;

use super::problem::Problem;
use crate::hub::Hub;
use crate::security::proof;
use crate::security::token::token_hash;
use crate::store::{Actor, ApiToken, PanelSession, StoreError};

/// A use of a session is noted at most this often.
const NOTE_EVERY_MS: i64 = 60_000;

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Caller {
    pub name: String,
    pub role: Role,
    /// None for the command line of the hub's own machine.
    pub login: Option<Login>,
}

#[derive(Debug, Clone)]
pub struct Login {
    pub user: i64,
    pub token_hash: [u8; 32],
    pub ends_at: Timestamp,
    pub theme: Option<String>,
    pub language: Option<String>,
    pub has_totp: bool,
}

impl Caller {
    pub fn actor(&self) -> Actor {
        Actor::new(&self.name)
    }

    /// Whether the settings want a second factor of this role, and there is none. The command line has no account.
    pub fn owes_totp(&self, hub: &Hub) -> bool {
        self.login.as_ref().is_some_and(|login| !login.has_totp) && hub.config.auth.requires_totp(self.role)
    }

    /// The log-in of a person at a browser.
    pub fn own_login(&self) -> Result<&Login, Problem> {
        self.login.as_ref().ok_or_else(|| Problem::forbidden("the command line has no account of its own"))
    }

    pub fn check(&self, permission: Permission) -> Result<(), Problem> {
        if self.role.may(permission) {
            return Ok(());
        }
        Err(Problem::forbidden(match permission {
            Permission::Read => "you may not look at this",
            Permission::Alert | Permission::Report => "viewers look, technicians send",
            Permission::ReportByNtfy | Permission::ReportByGotify | Permission::Subscribe => {
                "this door is for programs: make a token for it"
            }
            Permission::Measure | Permission::Administer => "only admin manages users, clients, enrolments and tokens",
        }))
    }
}

/// A caller who may look.
#[derive(Debug)]
pub struct Reader(pub Caller);

/// Who sends an alert or records an event: a person, or a program with a token.
#[derive(Debug)]
pub enum Author {
    Person(Caller),
    Program(ApiToken),
}

impl Author {
    pub fn actor(&self) -> Actor {
        Actor::new(self.name())
    }

    /// Whose screens its events reach if they escalate; everybody's if `None`.
    pub fn audience(&self) -> Option<Audience> {
        match self {
            Self::Person(_) => None,
            Self::Program(token) => token.binding.audience(),
        }
    }

    /// The name of its token, if it is a program.
    pub fn token(&self) -> Option<String> {
        match self {
            Self::Person(_) => None,
            Self::Program(token) => Some(token.name.clone()),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Person(caller) => &caller.name,
            Self::Program(token) => &token.name,
        }
    }
}

/// A person who may send alerts.
#[derive(Debug)]
pub struct Technician(pub Caller);

/// An author who may send alerts.
#[derive(Debug)]
pub struct Sender(pub Author);

/// An author who may record events.
#[derive(Debug)]
pub struct Reporter(pub Author);

/// An author who may read figures.
#[derive(Debug)]
pub struct Meter(pub Author);

/// A caller who may manage users, clients and enrolments.
#[derive(Debug)]
pub struct Administrator(pub Caller);

/// Somebody who is logged in, even if they still have to set up a second factor before they may do anything else.
#[derive(Debug)]
pub struct Present(pub Caller);

impl FromRequestParts<Arc<Hub>> for Present {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        match identified(parts, hub, Permission::Read).await? {
            Author::Person(caller) => Ok(Self(caller)),
            // Invariant: no scope may read.
            Author::Program(_) => Err(Problem::forbidden("this is for people")),
        }
    }
}

impl FromRequestParts<Arc<Hub>> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        permitted(parts, hub, Permission::Read).await.map(Self)
    }
}

impl FromRequestParts<Arc<Hub>> for Technician {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        permitted(parts, hub, Permission::Alert).await.map(Self)
    }
}

impl FromRequestParts<Arc<Hub>> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        author(parts, hub, Permission::Alert).await.map(Self)
    }
}

impl FromRequestParts<Arc<Hub>> for Reporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        author(parts, hub, Permission::Report).await.map(Self)
    }
}

impl FromRequestParts<Arc<Hub>> for Meter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        author(parts, hub, Permission::Measure).await.map(Self)
    }
}

impl FromRequestParts<Arc<Hub>> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Problem> {
        permitted(parts, hub, Permission::Administer).await.map(Self)
    }
}

async fn permitted(parts: &Parts, hub: &Hub, permission: Permission) -> Result<Caller, Problem> {
    match author(parts, hub, permission).await? {
        Author::Person(caller) => Ok(caller),
        Author::Program(_) => Err(Problem::forbidden("this is for people")),
    }
}

/// Whoever asks, if they may do this and owe no second factor.
async fn author(parts: &Parts, hub: &Hub, permission: Permission) -> Result<Author, Problem> {
    let author = identified(parts, hub, permission).await?;
    match &author {
        Author::Person(caller) if caller.owes_totp(hub) => Err(Problem::totp_setup_required()),
        _ => Ok(author),
    }
}

/// Whoever asks, if they may do this.
async fn identified(parts: &Parts, hub: &Hub, permission: Permission) -> Result<Author, Problem> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let token = token.ok_or_else(Problem::unauthorized)?;
    if let Some(caller) = caller(hub, token).await? {
        caller.check(permission)?;
        return Ok(Author::Person(caller));
    }
    let program = proof::of_program(&hub.store, hub.clock.now(), token_hash(token)).await?.ok_or_else(Problem::unauthorized)?;
    crate::security::guard::proved();
    if !program.scope.may(permission) {
        return Err(Problem::forbidden(match program.scope {
            Scope::Events => "this token may record events and nothing else",
            Scope::Alerts => "this token may send and withdraw alerts and nothing else",
            Scope::Ntfy => "this token may publish and subscribe as ntfy does and nothing else",
            Scope::Gotify => "this token may report as to a Gotify server and nothing else",
            Scope::Metrics => "this token may read /metrics and nothing else",
        }));
    }
    Ok(Author::Program(program))
}

/// The person who holds this token, if it is valid now.
pub async fn caller(hub: &Hub, token: &str) -> Result<Option<Caller>, StoreError> {
    let hash = token_hash(token);
    if bool::from(hash.ct_eq(&token_hash(hub.secrets.cli_token()))) {
        crate::security::guard::proved();
        return Ok(Some(Caller { name: "cli".into(), role: Role::Admin, login: None }));
    }
    let now = hub.clock.now();
    let Some(session) = hub.store.session(hash).await? else { return Ok(None) };
    if is_over(hub, &session, now) {
        return Ok(None);
    }
    crate::security::guard::proved();
    if now.millis_since(session.used_at) > NOTE_EVERY_MS
        && let Err(err) = hub.store.touch_session(now, hash).await
    {
        // Somebody who cannot be noted as active may still look why.
        tracing::debug!(%err, "could not note that a session was used");
    }
    Ok(Some(of_session(session, hash)))
}

fn is_over(hub: &Hub, session: &PanelSession, now: Timestamp) -> bool {
    now >= session.ends_at || is_idle(hub, session.user.role, session.used_at, now)
}

/// Whether a log-in was not used for longer than its role may idle.
pub fn is_idle(hub: &Hub, role: Role, used_at: Timestamp, now: Timestamp) -> bool {
    let idle = match role {
        Role::Admin => hub.config.auth.admin_idle,
        _ => hub.config.auth.idle,
    };
    let idle_ms = i64::try_from(idle.as_millis()).unwrap_or(i64::MAX);
    now.millis_since(used_at) > idle_ms
}

fn of_session(session: PanelSession, token_hash: [u8; 32]) -> Caller {
    let user = session.user;
    let has_totp = user.totp_since.is_some();
    Caller {
        name: user.name,
        role: user.role,
        login: Some(Login { user: user.id, token_hash, ends_at: session.ends_at, theme: user.theme, language: user.language, has_totp }),
    }
}
