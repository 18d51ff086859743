//! `/api/on-call`: who is on call, week by week.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::problem::FieldProblem;
use hub_core::rule::{OnCall, Rule, check_on_call, on_duty};
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::{Administrator, Reader};
use super::extract::Body;
use super::problem::Problem;
use super::rules::write;
use crate::hub::Hub;
use crate::store::RuleDocument;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Rotations {
    pub on_call: Vec<RotationRow>,
    /// Rises with every change.
    pub version: i64,
}

/// A rotation, and who is on call now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RotationRow {
    #[serde(flatten)]
    pub rotation: OnCall,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RotationsChange {
    pub on_call: Vec<OnCall>,
    /// The version that was looked at: refused if somebody has changed it meanwhile.
    pub version: Option<i64>,
}

/// Rotations, and who is on call now.
#[utoipa::path(get, path = "/api/on-call", tag = "on-call", responses((status = 200, body = Rotations)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<Rotations>, Problem> {
    Ok(Json(current(&hub).await?))
}

/// Write all rotations anew.
#[utoipa::path(put, path = "/api/on-call", tag = "on-call", request_body = RotationsChange,
    responses((status = 200, body = Rotations), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<RotationsChange>,
) -> Result<Json<Rotations>, Problem> {
    let rotations = check_on_call(request.on_call).map_err(Problem::invalid)?;
    let missing = missing(&hub.rules.current().rules, &rotations);
    if !missing.is_empty() {
        return Err(Problem::invalid(missing));
    }
    let detail = format!("changed who is on call: now {} rotations", rotations.len());
    write(&hub, &caller, RuleDocument::OnCall, Some(rotations), request.version, detail).await?;
    Ok(Json(current(&hub).await?))
}

/// Rotations that rules name and that would be gone.
fn missing(rules: &[Rule], rotations: &[OnCall]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for rule in rules {
        let named = rule.then.on_call.iter().chain(rule.steps.iter().flat_map(|step| &step.then.on_call));
        for name in named.filter(|name| !rotations.iter().any(|rotation| rotation.name == **name)) {
            problems.push(FieldProblem::new("on_call", format!("rule {} names the rotation {name}", rule.name)));
        }
    }
    problems
}

async fn current(hub: &Hub) -> Result<Rotations, Problem> {
    let edition = hub.store.rule_edition(RuleDocument::OnCall).await?;
    let now = hub.clock.now();
    let row = |rotation: &OnCall| {
        let duty = on_duty(rotation, now);
        RotationRow {
            now: duty.as_ref().map(|duty| duty.turn.name.clone()),
            until: duty.map(|duty| duty.until),
            rotation: rotation.clone(),
        }
    };
    Ok(Rotations { on_call: hub.rules.current().book.on_call().iter().map(row).collect(), version: edition.version })
}
