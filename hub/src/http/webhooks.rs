//! `/api/webhooks`: programs that want to be told.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use shared::{Severity, Timestamp};

use super::auth::Administrator;
use super::extract::{self, Body, Path, Query};
use super::problem::Problem;
use super::shape::PageQuery;
use crate::courier::{mail, webhook};
use crate::hub::Hub;
use crate::security::token::random_u128;
use crate::store::{self, WebhookAttempt, WebhookChange};

const URL_CHARS: usize = 500;

/// A program that is told what happens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Webhook {
    pub name: String,
    pub url: String,
    /// Whether it may stand in an inner network, or on the hub's own machine.
    pub allow_private: bool,
    /// Events of this severity and above are told by themselves; absent: only what a rule sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_severity: Option<Severity>,
    pub created_at: Timestamp,
    pub created_by: String,
    /// The latest call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<WebhookAttempt>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WebhookList {
    pub webhooks: Vec<Webhook>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WebhookRequest {
    pub name: String,
    /// `https://…`; redirects are not followed.
    pub url: String,
    /// `whsec_` and the base64 of 24 to 64 bytes; a new one is made up if absent.
    #[serde(default)]
    pub secret: Option<String>,
    #[serde(default)]
    pub allow_private: bool,
    #[serde(default)]
    pub from_severity: Option<Severity>,
}

/// Where a webhook is, and what it hears of.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WebhookTarget {
    /// `https://…`; redirects are not followed.
    pub url: String,
    /// `whsec_` and the base64 of 24 to 64 bytes; the old one is kept if absent.
    #[serde(default)]
    pub secret: Option<String>,
    #[serde(default)]
    pub allow_private: bool,
    #[serde(default)]
    pub from_severity: Option<Severity>,
}

/// The only time that the secret is said.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CreatedWebhook {
    pub name: String,
    pub url: String,
    pub secret: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AttemptList {
    pub attempts: Vec<WebhookAttempt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

/// What came of a test.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WebhookTest {
    /// `sent` or `failed`.
    pub status: &'static str,
    pub detail: String,
}

/// Webhooks by name; their secrets are never shown again.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks", responses((status = 200, body = WebhookList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<WebhookList>, Problem> {
    let webhooks = hub.store.webhooks().await?.into_iter().map(Webhook::from).collect();
    Ok(Json(WebhookList { webhooks }))
}

/// Make a webhook.
#[utoipa::path(post, path = "/api/webhooks", tag = "webhooks", request_body = WebhookRequest,
    responses((status = 201, body = CreatedWebhook), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<WebhookRequest>,
) -> Result<(StatusCode, Json<CreatedWebhook>), Problem> {
    let WebhookRequest { name, url, secret, allow_private, from_severity } = request;
    let mut change = change_of(&name, WebhookTarget { url, secret, allow_private, from_severity })?;
    let secret = change.secret.get_or_insert_with(made_up).clone();
    let created = CreatedWebhook { name: change.name.to_string(), url: change.url.clone(), secret };
    hub.store.add_webhook(hub.clock.now(), &caller.actor(), change).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Change a webhook; what is absent takes its default, but the secret stays.
#[utoipa::path(put, path = "/api/webhooks/{name}", tag = "webhooks", params(("name" = String, Path)), request_body = WebhookTarget,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(target): Body<WebhookTarget>,
) -> Result<StatusCode, Problem> {
    hub.store.change_webhook(hub.clock.now(), &caller.actor(), change_of(&name, target)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook a new secret; the old one holds no more from now on.
#[utoipa::path(post, path = "/api/webhooks/{name}/secret", tag = "webhooks", params(("name" = String, Path)),
    responses((status = 200, body = CreatedWebhook), (status = 404, body = Problem)))]
pub async fn rotate(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<CreatedWebhook>, Problem> {
    let (name, secret) = (extract::name("name", &name)?, made_up());
    let (name, url) = hub.store.rotate_webhook_secret(hub.clock.now(), &caller.actor(), &name, secret.clone()).await?;
    Ok(Json(CreatedWebhook { name, url, secret }))
}

/// Remove a webhook; what waits for it is not told any more.
#[utoipa::path(delete, path = "/api/webhooks/{name}", tag = "webhooks", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    hub.store.remove_webhook(hub.clock.now(), &caller.actor(), &extract::name("name", &name)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Calls of a webhook, newest first.
#[utoipa::path(get, path = "/api/webhooks/{name}/attempts", tag = "webhooks", params(("name" = String, Path), PageQuery),
    responses((status = 200, body = AttemptList), (status = 404, body = Problem)))]
pub async fn attempts(
    State(hub): State<Arc<Hub>>,
    Administrator(_): Administrator,
    Path(name): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<AttemptList>, Problem> {
    let found = hub.store.webhook_attempts(&extract::name("name", &name)?, page.number()?, page.limit()).await?;
    Ok(Json(AttemptList { attempts: found.items, next_cursor: found.next, total: found.total }))
}

/// Call a webhook now and say what it answered.
#[utoipa::path(post, path = "/api/webhooks/{name}/test", tag = "webhooks", params(("name" = String, Path)),
    responses((status = 200, body = WebhookTest), (status = 404, body = Problem)))]
pub async fn test(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<WebhookTest>, Problem> {
    let target = hub.store.webhook(&extract::name("name", &name)?).await?;
    let now = hub.clock.now();
    let letter = mail::test_letter(now, &hub.config.smtp.language);
    let id = format!("test-{:x}", random_u128());
    let told = Box::pin(webhook::tell(&hub, &target, &id, &letter, (None, None))).await;
    let (status, detail) = match told {
        Ok(answer) => ("sent", answer),
        Err(reason) => ("failed", reason),
    };
    hub.store.record_action(now, &caller.actor(), "webhook.test", format!("tested webhook {}: {status}", target.name)).await?;
    hub.store.note_webhook_attempt(hub.clock.now(), target.name, status == "sent", detail.clone()).await?;
    Ok(Json(WebhookTest { status, detail }))
}

fn change_of(name: &str, target: WebhookTarget) -> Result<WebhookChange, Problem> {
    let name = extract::name("name", name)?;
    let url = url(&target.url).map_err(|reason| Problem::field("url", reason))?;
    let secret = target.secret.filter(|secret| !secret.is_empty());
    if secret.as_deref().is_some_and(|secret| webhook::secret_bytes(secret).is_none()) {
        return Err(Problem::field("secret", "must be `whsec_` and the base64 of 24 to 64 bytes"));
    }
    Ok(WebhookChange { name, url, secret, allow_private: target.allow_private, from_severity: target.from_severity })
}

fn url(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > URL_CHARS {
        return Err(format!("has more than {URL_CHARS} characters"));
    }
    let uri: Uri = text.parse().map_err(|_| "is no URL, like https://example.org/hook".to_owned())?;
    if uri.scheme_str() != Some("https") {
        return Err("must begin with https://".to_owned());
    }
    match uri.authority() {
        Some(authority) if authority.as_str().contains('@') => Err("must not hold a user or password".to_owned()),
        Some(authority) if !authority.host().is_empty() => Ok(text.to_owned()),
        _ => Err("has no host".to_owned()),
    }
}

fn made_up() -> String {
    let bytes = [random_u128().to_be_bytes(), random_u128().to_be_bytes()].concat();
    format!("{}{}", webhook::SECRET_PREFIX, STANDARD.encode(bytes))
}

impl From<store::Webhook> for Webhook {
    fn from(webhook: store::Webhook) -> Self {
        let store::Webhook { name, url, allow_private, from_severity, created_at, created_by, last, .. } = webhook;
        Self { name, url, allow_private, from_severity, created_at, created_by, last }
    }
}
