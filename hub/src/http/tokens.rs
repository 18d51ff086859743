//! `/api/tokens`: how programs prove who they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::access::Scope;
use serde::{Deserialize, Serialize};
use shared::{Severity, Timestamp};

use super::auth::Administrator;
use super::extract::{self, Body, Path};
use super::problem::Problem;
use crate::hub::Hub;
use crate::security::token::Token;
use crate::store::{self, Binding, NewToken};

/// A token of a program that is good now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    pub scope: TokenScope,
    #[serde(flatten)]
    pub binding: TokenBinding,
    pub created_at: Timestamp,
    pub created_by: String,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// What a token is bound to.
#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenBinding {
    /// Whose screens its escalated events reach, and whose alerts an ntfy phone receives; everybody if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What its tool's words of severity mean, where that differs from the usual, like `{"high":"critical"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, Severity>,
}

/// What a token is good for.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenScope {
    /// Record events: sensor lines, `POST /api/events`, and the doors of other tools.
    Events,
    /// Send and withdraw alerts.
    Alerts,
    /// Publish and subscribe as ntfy does, nothing else.
    Ntfy,
    /// Report as to a Gotify server, nothing else.
    Gotify,
    /// Read `/metrics`.
    Metrics,
}

impl From<Scope> for TokenScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Events => Self::Events,
            Scope::Alerts => Self::Alerts,
            Scope::Ntfy => Self::Ntfy,
            Scope::Gotify => Self::Gotify,
            Scope::Metrics => Self::Metrics,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TokenRequest {
    /// Who will use it: stands as the source of its events and the sender of its alerts.
    pub name: String,
    #[schema(value_type = TokenScope)]
    pub scope: String,
    #[serde(flatten)]
    pub binding: TokenBinding,
}

/// The only time that the token is said.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CreatedToken {
    pub id: i64,
    pub token: String,
    pub name: String,
    pub scope: TokenScope,
    pub created_at: Timestamp,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenList {
    pub tokens: Vec<ApiToken>,
}

/// Make a token.
#[utoipa::path(post, path = "/api/tokens", tag = "tokens", request_body = TokenRequest,
    responses((status = 201, body = CreatedToken), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<TokenRequest>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let name = extract::name("name", &request.name)?;
    let scope =
        Scope::parse(&request.scope).ok_or_else(|| Problem::field("scope", "must be `events`, `alerts`, `ntfy`, `gotify` or `metrics`"))?;
    let binding = binding(&hub, scope, request.binding).await?;
    let token = token(scope);
    let now = hub.clock.now();
    let shown = name.to_string();
    let id = hub.store.add_token(now, &caller.actor(), NewToken { token_hash: token.hash(), name, scope, binding }).await?;
    let created = CreatedToken { id, token: token.as_str().to_owned(), name: shown, scope: scope.into(), created_at: now };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Most words of severity that a token explains.
const WORDS: usize = 32;
const WORD_CHARS: usize = 40;

async fn binding(hub: &Hub, scope: Scope, asked: TokenBinding) -> Result<Binding, Problem> {
    let group = match asked.group.filter(|group| !group.trim().is_empty()) {
        None => None,
        Some(_) if scope == Scope::Metrics => return Err(Problem::field("group", "a token that reads figures is bound to no group")),
        Some(group) => Some(hub.store.group(&extract::name("group", &group)?).await?.name),
    };
    if asked.severities.len() > WORDS || asked.severities.keys().any(|word| word.chars().count() > WORD_CHARS) {
        return Err(Problem::field("severities", format!("explains at most {WORDS} words of {WORD_CHARS} characters each")));
    }
    let severities = asked.severities.into_iter().map(|(word, severity)| (word.trim().to_lowercase(), severity)).collect();
    Ok(Binding { group, severities })
}

/// Old tools take a Gotify token only in the form that a Gotify server gives it.
fn token(scope: Scope) -> Token {
    match scope {
        Scope::Gotify => Token::short(),
        Scope::Events | Scope::Alerts | Scope::Ntfy | Scope::Metrics => Token::random(),
    }
}

/// Tokens that are good; what they say is never shown again.
#[utoipa::path(get, path = "/api/tokens", tag = "tokens", responses((status = 200, body = TokenList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<TokenList>, Problem> {
    let tokens = hub.store.tokens().await?.into_iter().map(ApiToken::from).collect();
    Ok(Json(TokenList { tokens }))
}

/// Make a token useless: over HTTP at once, on an open sensor connection within ten seconds.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "tokens", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn revoke(State(hub): State<Arc<Hub>>, Administrator(caller): Administrator, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    hub.store.revoke_token(hub.clock.now(), &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<store::ApiToken> for ApiToken {
    fn from(token: store::ApiToken) -> Self {
        let store::ApiToken { id, name, scope, binding, created_at, created_by, last_used_at } = token;
        let binding = TokenBinding { group: binding.group, severities: binding.severities };
        Self { id, name, scope: scope.into(), binding, created_at, created_by, last_used_at }
    }
}
