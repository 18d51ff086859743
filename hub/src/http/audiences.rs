//! `/api/audiences/count`: how many an alert would reach, before it is sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::Audience;

use super::alerts::{Audiences, one_or_several};
use super::auth::Reader;
use super::extract::Body;
use super::problem::Problem;
use crate::hub::Hub;

const AUDIENCES: usize = 1_000;

#[derive(Deserialize, utoipa::ToSchema)]
pub struct AudienceQuestion {
    #[serde(deserialize_with = "one_or_several")]
    #[schema(value_type = Audiences)]
    pub audience: Vec<Audience>,
}

/// Whom an alert would reach now, each once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AudienceReach {
    pub recipients: usize,
    pub online: usize,
    /// Names in the audience that belong to nobody.
    pub unknown: Vec<String>,
}

#[utoipa::path(post, path = "/api/audiences/count", tag = "alerts", request_body = AudienceQuestion,
    responses((status = 200, body = AudienceReach), (status = 422, body = Problem)))]
pub async fn count(
    State(hub): State<Arc<Hub>>,
    Reader(_): Reader,
    Body(question): Body<AudienceQuestion>,
) -> Result<Json<AudienceReach>, Problem> {
    if question.audience.len() > AUDIENCES {
        return Err(Problem::field("audience", format!("has more than {AUDIENCES} entries")));
    }
    let (clients, unknown) = hub.store.reach(question.audience).await?;
    let online = clients.iter().filter(|client| hub.registry.is_online(**client)).count();
    Ok(Json(AudienceReach { recipients: clients.len(), online, unknown }))
}
