//! `/api/messages`: what branches wrote to the technicians.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::alert::{Draft, DraftInput};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shared::{Audience, Severity};

use super::auth::{Author, Reader, Technician};
use super::extract::{self, Body, Path, Query};
use super::problem::Problem;
use super::{limits, shape};
use crate::hub::Hub;
use crate::store::{Message, MessageFilter};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those that nobody took care of.
    open: Option<bool>,
    /// Of this branch.
    client: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MessageList {
    pub messages: Vec<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
    /// How many wait for somebody, whatever was asked for.
    pub open: u64,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Handling {
    /// False: it waits for somebody again.
    pub handled: bool,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Answer {
    /// Stands on the screen of the branch until somebody closes it.
    pub text: String,
    #[serde(default)]
    pub severity: Severity,
}

/// Messages of branches, newest first.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(MessageQuery), responses((status = 200, body = MessageList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<MessageQuery>) -> Result<Json<MessageList>, Problem> {
    let client = query.client.filter(|client| !client.trim().is_empty()).map(|client| extract::name("client", &client)).transpose()?;
    let filter = MessageFilter { open: query.open.unwrap_or_default(), client };
    let found = hub.store.messages(filter, shape::number(query.cursor.as_deref())?, shape::limit(query.limit)).await?;
    let open = hub.store.open_messages().await?;
    Ok(Json(MessageList { messages: found.items, next_cursor: found.next, total: found.total, open }))
}

/// Mark a message as handled, or as waiting again.
#[utoipa::path(patch, path = "/api/messages/{id}", tag = "messages", params(("id" = i64, Path)), request_body = Handling,
    responses((status = 200, body = Message), (status = 404, body = Problem)))]
pub async fn handle(
    State(hub): State<Arc<Hub>>,
    Technician(caller): Technician,
    Path(id): Path<i64>,
    Body(request): Body<Handling>,
) -> Result<Json<Message>, Problem> {
    let (now, actor) = (hub.clock.now(), caller.actor());
    let message = match request.handled {
        true => hub.store.handle_message(now, &actor, id, None).await?,
        false => hub.store.reopen_message(now, &actor, id).await?,
    };
    hub.panels.say("message", &message);
    Ok(Json(message))
}

/// Answer a message: an alert to its branch alone, and the message is handled. A repetition sends no second alert.
#[utoipa::path(post, path = "/api/messages/{id}/answer", tag = "messages", params(("id" = i64, Path)), request_body = Answer,
    responses((status = 200, body = Message), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn answer(
    State(hub): State<Arc<Hub>>,
    Technician(caller): Technician,
    Path(id): Path<i64>,
    Body(request): Body<Answer>,
) -> Result<Json<Message>, Problem> {
    let message = hub.store.message(id).await?;
    let audience = vec![Audience::Private { name: message.client.clone() }];
    let (severity, text) = (request.severity, request.text);
    let draft =
        Draft::check(DraftInput { audience: audience.clone(), severity, text, ..DraftInput::default() }).map_err(Problem::invalid)?;
    let actor = caller.actor();
    // The same answer told twice is one; another text is another answer.
    let digest: String = Sha256::digest(draft.text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let key = format!("message/{id}/{digest}");
    limits::check(&hub, &Author::Person(caller), &audience, severity).await?;
    let recorded = hub.publisher.alert(&actor, draft, Some(key)).await?;
    let message = hub.store.handle_message(hub.clock.now(), &actor, id, Some(recorded.alert.id)).await?;
    hub.panels.say("message", &message);
    Ok(Json(message))
}
