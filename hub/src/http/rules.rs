//! `/api/rules`: which events go where, what follows if nobody sees it, and what came of it lately.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::rule::{Rule, check_rules};
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::{Administrator, Caller, Reader};
use super::extract::{Body, Query};
use super::problem::Problem;
use super::shape::limit;
use crate::hub::Hub;
use crate::security::token::random_u128;
use crate::store::{Incident, RuleDocument};

/// All rules, in the order in which they are asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RuleSet {
    pub rules: Vec<Rule>,
    /// Nobody has written rules: these are built in.
    pub builtin: bool,
    /// Rises with every change.
    pub version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RuleSetChange {
    pub rules: Vec<Rule>,
    /// The version that was looked at: refused if somebody has changed it meanwhile.
    pub version: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Id of a rule.
    pub rule: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Activity {
    pub incidents: Vec<Incident>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

/// The rules that hold now.
#[utoipa::path(get, path = "/api/rules", tag = "rules", responses((status = 200, body = RuleSet)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<RuleSet>, Problem> {
    Ok(Json(current(&hub).await?))
}

/// Write all rules anew.
#[utoipa::path(put, path = "/api/rules", tag = "rules", request_body = RuleSetChange,
    responses((status = 200, body = RuleSet), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<RuleSetChange>,
) -> Result<Json<RuleSet>, Problem> {
    let mut rules = check_rules(request.rules, hub.rules.current().book.on_call()).map_err(Problem::invalid)?;
    rules.iter_mut().filter(|rule| rule.id.is_empty()).for_each(|rule| rule.id = fresh_id());
    let detail = format!("changed the rules: now {}", rules.len());
    write(&hub, &caller, RuleDocument::Rules, Some(rules), request.version, detail).await?;
    Ok(Json(current(&hub).await?))
}

/// Go back to the rules that are built in.
#[utoipa::path(delete, path = "/api/rules", tag = "rules", responses((status = 200, body = RuleSet)))]
pub async fn reset(State(hub): State<Arc<Hub>>, Administrator(caller): Administrator) -> Result<Json<RuleSet>, Problem> {
    write(&hub, &caller, RuleDocument::Rules, None::<Vec<Rule>>, None, "went back to the built-in rules".into()).await?;
    Ok(Json(current(&hub).await?))
}

/// What rules did lately, newest first.
#[utoipa::path(get, path = "/api/rules/activity", tag = "rules", params(ActivityQuery), responses((status = 200, body = Activity)))]
pub async fn activity(
    State(hub): State<Arc<Hub>>,
    Reader(_): Reader,
    Query(query): Query<ActivityQuery>,
) -> Result<Json<Activity>, Problem> {
    let parse = |text: String| text.parse().map_err(|_| Problem::field("cursor", "is not a `next_cursor` of this list"));
    let before = query.cursor.map(parse).transpose()?;
    let page = hub.store.incidents(query.rule, before, limit(query.limit)).await?;
    Ok(Json(Activity { incidents: page.items, next_cursor: page.next, total: page.total }))
}

async fn current(hub: &Hub) -> Result<RuleSet, Problem> {
    let edition = hub.store.rule_edition(RuleDocument::Rules).await?;
    let current = hub.rules.current();
    Ok(RuleSet {
        rules: current.rules.clone(),
        builtin: current.is_builtin,
        version: edition.version,
        changed_at: edition.changed_at,
        changed_by: edition.changed_by,
    })
}

/// Saves a document and lets it hold; to its end, even if whoever asked goes away.
pub(super) async fn write<T: Serialize + Send + Sync + 'static>(
    hub: &Arc<Hub>,
    caller: &Caller,
    which: RuleDocument,
    content: Option<T>,
    seen: Option<i64>,
    detail: String,
) -> Result<(), Problem> {
    let (owner, actor) = (Arc::clone(hub), caller.actor());
    let work = async move {
        let now = owner.clock.now();
        owner.store.put_rule_document(now, &actor, which, content.as_ref(), seen, detail).await?;
        owner.rules.reload(&owner.store, now).await
    };
    Ok(hub.publisher.to_the_end(work).await?)
}

pub(super) fn fresh_id() -> String {
    format!("{:010x}", random_u128() >> 88)
}
