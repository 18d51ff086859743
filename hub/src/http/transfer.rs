//! `/api/export` and `/api/import`: what a hub knows as one JSON document. Secrets are never in it; a backup has them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};

use super::auth::Administrator;
use super::extract::{self, Query};
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{Actor, Export, FORMAT, Imported, SectionChange, Store, VERSION};

/// Largest document, bytes.
pub const DOCUMENT_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Names of sections with commas between; those of the configuration if absent, without events, emails and statistics.
    pub sections: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only say what would change.
    #[serde(default)]
    pub dry_run: bool,
}

/// What an import changed, or would.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportReport {
    pub dry_run: bool,
    pub changes: Vec<SectionChange>,
}

#[utoipa::path(get, path = "/api/export", tag = "transfer", params(ExportQuery),
    responses((status = 200, body = Export), (status = 422, body = Problem)))]
pub async fn export(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<ExportQuery>,
) -> Result<(HeaderMap, Json<Export>), Problem> {
    let wanted = wanted(query.sections.as_deref())?;
    let now = hub.clock.now();
    let detail = format!("exported JSON: {}", wanted.join(", "));
    let sections = hub.store.export(now, wanted).await?;
    hub.store.record_action(now, &caller.actor(), "hub.export", detail).await?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"pregon.json\""));
    let hub_version = Some(env!("CARGO_PKG_VERSION").to_owned());
    Ok((headers, Json(Export { format: FORMAT.to_owned(), version: VERSION, made_at: Some(now), hub_version, sections })))
}

fn wanted(names: Option<&str>) -> Result<Vec<&'static str>, Problem> {
    let all = Store::sections();
    let Some(names) = names else {
        return Ok(all.into_iter().filter(|(_, is_usual)| *is_usual).map(|(name, _)| name).collect());
    };
    let known: Vec<&'static str> = all.into_iter().map(|(name, _)| name).collect();
    let one = |name: &str| known.iter().find(|known| **known == name).copied();
    let wanted: Option<Vec<_>> = names.split(',').map(|name| one(name.trim())).collect();
    wanted.ok_or_else(|| Problem::field("sections", format!("must be names of {}, with commas between", known.join(", "))))
}

/// Read a document of `GET /api/export`: all of it, or nothing and every fault with its path.
#[utoipa::path(post, path = "/api/import", tag = "transfer", params(ImportQuery), request_body = Export,
    responses((status = 200, body = ImportReport), (status = 422, body = Problem)))]
pub async fn import(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<ImportQuery>,
    body: Bytes,
) -> Result<Json<ImportReport>, Problem> {
    let document: Export = extract::json(&body)?;
    let changes = read(&hub, &caller.actor(), document, query.dry_run).await?.map_err(Problem::invalid)?;
    Ok(Json(ImportReport { dry_run: query.dry_run, changes }))
}

/// Reads a document whole, or says every fault with its path.
pub(super) async fn read(
    hub: &Hub,
    actor: &Actor,
    document: Export,
    dry_run: bool,
) -> Result<Result<Vec<SectionChange>, Vec<FieldProblem>>, Problem> {
    let now = hub.clock.now();
    let imported = if dry_run { hub.store.try_import(now, document).await? } else { hub.store.import(now, actor, document).await? };
    match imported {
        Imported::Faulty(faults) => Ok(Err(faults)),
        Imported::Fine { changes, users } => {
            users.into_iter().for_each(|user| hub.panels.end_user(user));
            if !dry_run {
                hub.rules.reload(&hub.store, now).await?;
            }
            Ok(Ok(changes))
        }
    }
}
