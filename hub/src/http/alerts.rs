//! `/api/alerts`: send, list, look at one, take back.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hub_core::alert::{Draft, DraftInput};
use serde::{Deserialize, Serialize};
use shared::{AlertId, Audience, Name, Severity, Timestamp};

use super::auth::{Reader, Sender};
use super::extract::{self, Body, Path};
use super::limits;
use super::problem::Problem;
use crate::fanout::AlertSummary;
use crate::hub::Hub;
use crate::store::{Delivery, Recorded};

const IDEMPOTENCY_KEY_CHARS: usize = 200;

/// An alert to send.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewAlert {
    /// Whom: one audience or a list.
    #[serde(deserialize_with = "one_or_several")]
    #[schema(value_type = Audiences)]
    pub audience: Vec<Audience>,
    #[serde(default)]
    pub severity: Severity,
    #[serde(default)]
    pub title: String,
    pub text: String,
    /// Never for critical, 7 days for error and warning, 24 hours for info, unless said.
    pub expires_in_s: Option<u64>,
    #[serde(default)]
    pub replies: Vec<String>,
    #[serde(default)]
    pub drill: bool,
    /// Refuse an alert to single branches if one of them is not connected.
    #[serde(default)]
    pub require_online: bool,
    /// Not served by this version: refused, so that nothing meant for later goes out at once.
    #[serde(default)]
    #[schema(ignore)]
    send_at: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    repeat: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the schema of what `audience` may be")]
pub enum Audiences {
    One(Audience),
    Several(Vec<Audience>),
}

/// One audience or a list; an error names what is wrong in it.
pub fn one_or_several<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Audience>, D::Error> {
    use serde::de::Error as _;
    let value = serde_json::Value::deserialize(deserializer)?;
    let read = if value.is_array() { serde_json::from_value(value) } else { serde_json::from_value(value).map(|one| vec![one]) };
    read.map_err(D::Error::custom)
}

/// The alert is on disk and on its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Accepted {
    pub id: AlertId,
    pub recipients: usize,
    /// Recipients that are connected now.
    pub online: Vec<String>,
    /// Recipients that get it when they come back.
    pub offline: Vec<String>,
    /// Names in the audience that belong to nobody.
    pub unknown: Vec<String>,
}

/// An alert with a row for each recipient.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertDetail {
    #[serde(flatten)]
    pub alert: AlertSummary,
    pub deliveries: Vec<DeliveryRow>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryRow {
    pub client: String,
    pub state: DeliveryState,
    pub online: bool,
    pub queued_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub displayed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dismissed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}

/// How far an alert came on its way to one client.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    Queued,
    Sent,
    Delivered,
    Displayed,
    Dismissed,
    Expired,
    Withdrawn,
    Undeliverable,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Displayed => "displayed",
            Self::Dismissed => "dismissed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Undeliverable => "undeliverable",
        }
    }
}

impl From<hub_core::alert::State> for DeliveryState {
    fn from(state: hub_core::alert::State) -> Self {
        use hub_core::alert::State as S;
        match state {
            S::Queued => Self::Queued,
            S::Sent => Self::Sent,
            S::Delivered => Self::Delivered,
            S::Displayed => Self::Displayed,
            S::Dismissed => Self::Dismissed,
            S::Expired => Self::Expired,
            S::Withdrawn => Self::Withdrawn,
            S::Undeliverable => Self::Undeliverable,
        }
    }
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct WithdrawRequest {
    /// Shown to whoever had the alert on screen.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Send an alert. It is accepted once it is on disk with all its deliveries.
#[utoipa::path(post, path = "/api/alerts", tag = "alerts", request_body = NewAlert,
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key within 24 hours gets the first answer")),
    responses((status = 201, body = Accepted), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn send(
    State(hub): State<Arc<Hub>>,
    Sender(caller): Sender,
    headers: HeaderMap,
    Body(request): Body<NewAlert>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let require_online = request.require_online;
    let key = idempotency_key(&headers)?;
    let draft = draft(request)?;
    limits::check(&hub, &caller, &draft.audience, draft.severity).await?;
    if require_online {
        check_online(&hub, &draft)?;
    }
    let recorded = hub.publisher.alert(&caller.actor(), draft, key).await?;
    Ok((StatusCode::CREATED, Json(accepted(&hub, recorded))))
}

fn draft(request: NewAlert) -> Result<Draft, Problem> {
    let later = [("send_at", request.send_at.is_some()), ("repeat", request.repeat.is_some())];
    if let Some((field, _)) = later.into_iter().find(|(_, is_said)| *is_said) {
        return Err(Problem::field(field, "is not served by this version; nothing was sent"));
    }
    Draft::check(DraftInput {
        audience: request.audience,
        severity: request.severity,
        title: request.title,
        text: request.text,
        expires_in_s: request.expires_in_s,
        replies: request.replies,
        drill: request.drill,
    })
    .map_err(Problem::invalid)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_CHARS => Ok(Some(key.to_owned())),
        _ => Err(Problem::field("Idempotency-Key", format!("must have 1 to {IDEMPOTENCY_KEY_CHARS} visible ASCII characters"))),
    }
}

fn check_online(hub: &Hub, draft: &Draft) -> Result<(), Problem> {
    let absent: Vec<&str> = draft
        .audience
        .iter()
        .filter(|audience| matches!(audience, Audience::Private { .. }))
        .map(Audience::name)
        .filter(|name| !Name::parse(name).is_ok_and(|name| hub.registry.is_name_online(&name)))
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    Err(Problem::conflict(format!("not connected now: {}; nothing was sent", absent.join(", "))))
}

fn accepted(hub: &Hub, recorded: Recorded) -> Accepted {
    let recipients = recorded.recipients.len();
    let (online, offline): (Vec<_>, Vec<_>) =
        recorded.recipients.into_iter().partition(|recipient| hub.registry.is_online(recipient.client));
    let names = |recipients: Vec<crate::store::Recipient>| recipients.into_iter().map(|recipient| recipient.name).collect();
    Accepted { id: recorded.alert.id, recipients, online: names(online), offline: names(offline), unknown: recorded.unknown }
}

/// One alert with a row for each recipient.
#[utoipa::path(get, path = "/api/alerts/{id}", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, body = AlertDetail), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(id): Path<String>) -> Result<Json<AlertDetail>, Problem> {
    let id = parse_id(&id)?;
    let (alert, counts) = hub.store.alert(id).await?;
    let rows = hub.store.deliveries(id).await?;
    let deliveries = rows.into_iter().map(|delivery| row(&hub, delivery)).collect();
    Ok(Json(AlertDetail { alert: AlertSummary::new(alert, counts), deliveries }))
}

/// Take an alert off every screen; who has not seen it never will.
#[utoipa::path(post, path = "/api/alerts/{id}/withdraw", tag = "alerts", params(("id" = String, Path)), request_body = WithdrawRequest,
    responses((status = 200, body = AlertSummary), (status = 404, body = Problem)))]
pub async fn withdraw(
    State(hub): State<Arc<Hub>>,
    Sender(caller): Sender,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<AlertSummary>, Problem> {
    let id = parse_id(&id)?;
    // No body at all is a withdrawal without a reason.
    let request: WithdrawRequest = if body.is_empty() { WithdrawRequest::default() } else { extract::json(&body)? };
    let reason = request.reason.map(|reason| shared::text::one_line(&reason));
    let reason = reason.filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > shared::wire::limits::REPLY_CHARS) {
        return Err(Problem::field("reason", format!("has more than {} characters", shared::wire::limits::REPLY_CHARS)));
    }
    let (alert, _) = hub.store.alert(id).await?;
    limits::check(&hub, &caller, &alert.audience, alert.severity).await?;
    hub.publisher.withdraw(&caller.actor(), id, reason).await?;
    let (alert, counts) = hub.store.alert(id).await?;
    Ok(Json(AlertSummary::new(alert, counts)))
}

fn parse_id(id: &str) -> Result<AlertId, Problem> {
    AlertId::parse(id).map_err(|_| Problem::not_found("the alert"))
}

fn row(hub: &Hub, delivery: Delivery) -> DeliveryRow {
    DeliveryRow {
        online: hub.registry.is_online(delivery.client),
        client: delivery.client_name,
        state: delivery.state.into(),
        queued_at: delivery.queued_at,
        sent_at: delivery.sent_at,
        delivered_at: delivery.delivered_at,
        displayed_at: delivery.displayed_at,
        dismissed_at: delivery.dismissed_at,
        reply: delivery.reply,
    }
}
