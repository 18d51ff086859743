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
use super::scheduled::{self, RepeatRequest};
use crate::fanout::AlertSummary;
use crate::hub::Hub;
use crate::store::{Delivery, Moment, Recorded};

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
    /// Let people at the branches type an answer of their own.
    #[serde(default)]
    pub free_reply: bool,
    /// An exercise: marked on every screen, and no part of the statistics.
    #[serde(default)]
    pub drill: bool,
    /// Refuse an alert to single branches if one of them is not connected.
    #[serde(default)]
    pub require_online: bool,
    /// Send it then, at most a year ahead; now if absent.
    #[serde(default)]
    #[schema(value_type = Option<Timestamp>)]
    pub send_at: Option<String>,
    /// Send it again and again, beginning at `send_at`.
    #[serde(default)]
    pub repeat: Option<RepeatRequest>,
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
    /// It waits for this moment, under `/api/scheduled/{id}`: whom it reaches is seen when it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Timestamp>,
}

/// An alert with a row for each recipient.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertDetail {
    #[serde(flatten)]
    pub alert: AlertSummary,
    /// What happened to it as a whole, oldest first.
    pub timeline: Vec<Moment>,
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
    /// Who was logged in at the branch when it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_by: Option<String>,
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

/// Send an alert, now or later. It is accepted once it is on disk, with all its deliveries if it is for now.
#[utoipa::path(post, path = "/api/alerts", tag = "alerts", request_body = NewAlert,
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key within 24 hours gets the first answer")),
    responses((status = 201, body = Accepted), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn send(
    State(hub): State<Arc<Hub>>,
    Sender(caller): Sender,
    headers: HeaderMap,
    Body(mut request): Body<NewAlert>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let require_online = request.require_online;
    let key = idempotency_key(&headers)?;
    let (plan, expires_in_s) = (scheduled::plan_of(&mut request, hub.clock.now())?, request.expires_in_s);
    let draft = draft(request)?;
    limits::check(&hub, &caller, &draft.audience, draft.severity).await?;
    if let Some(plan) = plan {
        let accepted = scheduled::accept(&hub, &caller, (draft, expires_in_s), plan, key).await?;
        return Ok((StatusCode::CREATED, Json(accepted)));
    }
    if require_online {
        check_online(&hub, &draft)?;
    }
    let recorded = hub.publisher.alert(&caller.actor(), draft, key).await?;
    Ok((StatusCode::CREATED, Json(accepted(&hub, recorded))))
}

pub(super) fn draft(request: NewAlert) -> Result<Draft, Problem> {
    Draft::check(DraftInput {
        audience: request.audience,
        severity: request.severity,
        title: request.title,
        text: request.text,
        expires_in_s: request.expires_in_s,
        replies: request.replies,
        free_reply: request.free_reply,
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

pub(super) fn accepted(hub: &Hub, recorded: Recorded) -> Accepted {
    let recipients = recorded.recipients.len();
    let (online, offline): (Vec<_>, Vec<_>) =
        recorded.recipients.into_iter().partition(|recipient| hub.registry.is_online(recipient.client));
    let names = |recipients: Vec<crate::store::Recipient>| recipients.into_iter().map(|recipient| recipient.name).collect();
    let unknown = recorded.unknown;
    Accepted { id: recorded.alert.id, recipients, online: names(online), offline: names(offline), unknown, scheduled_for: None }
}

/// One alert with a row for each recipient.
#[utoipa::path(get, path = "/api/alerts/{id}", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, body = AlertDetail), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(id): Path<String>) -> Result<Json<AlertDetail>, Problem> {
    let id = parse_id(&id)?;
    let (alert, counts) = hub.store.alert(id).await?;
    let rows = hub.store.deliveries(id).await?;
    let deliveries = rows.into_iter().map(|delivery| row(&hub, delivery)).collect();
    let timeline = hub.store.alert_timeline(id).await?;
    Ok(Json(AlertDetail { alert: AlertSummary::new(alert, counts), timeline, deliveries }))
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
    let reason = super::alert_life::one_reason(request.reason)?;
    let (alert, _) = hub.store.alert(id).await?;
    limits::check(&hub, &caller, &alert.audience, alert.severity).await?;
    hub.publisher.withdraw(&caller.actor(), id, reason).await?;
    let (alert, counts) = hub.store.alert(id).await?;
    Ok(Json(AlertSummary::new(alert, counts)))
}

pub(super) fn parse_id(id: &str) -> Result<AlertId, Problem> {
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
        replied_by: delivery.replied_by,
    }
}
