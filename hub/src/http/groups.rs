//! `/api/groups`: whom an alert to a group reaches, and groups from a file.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use shared::Name;

use super::auth::{Administrator, Reader};
use super::extract::{self, Body, Path, Query};
use super::group_file::{self, Upload};
use super::problem::Problem;
use super::shape::{limit, read_cursor};
use crate::hub::Hub;
use crate::store::{Group, GroupSummary, NewGroup};

/// Most members of a group.
pub(super) const MEMBERS: usize = 20_000;

/// They stand where a group's name does in an address.
pub(super) const RESERVED: [&str; 2] = ["import", "export"];

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupList {
    pub groups: Vec<GroupSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Part of the name.
    pub search: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct GroupRequest {
    pub name: String,
    /// At least one; a member need not be enrolled yet.
    pub members: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct GroupChange {
    /// The name stays if absent.
    pub name: Option<String>,
    pub members: Vec<String>,
}

/// A group and how its members are now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupDetail {
    pub name: String,
    pub connected: Vec<String>,
    pub disconnected: Vec<String>,
    /// Members that are not enrolled.
    pub unknown: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// `true`: say what would be imported, and import nothing.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Imported {
    pub groups: Vec<ImportedGroup>,
    pub dry_run: bool,
    /// `utf-8`, or `latin-1` for a file that is not.
    pub encoding: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportedGroup {
    pub name: String,
    pub members: Vec<String>,
}

/// Groups in the order of the eye.
#[utoipa::path(get, path = "/api/groups", tag = "groups", params(GroupQuery), responses((status = 200, body = GroupList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<GroupQuery>) -> Result<Json<GroupList>, Problem> {
    let search = query.search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let page = hub.store.groups(search, hub.registry.clients(), after, limit(query.limit)).await?;
    let next_cursor = page.next.map(|key| URL_SAFE_NO_PAD.encode(key));
    Ok(Json(GroupList { groups: page.items, next_cursor, total: page.total }))
}

/// Make a group.
#[utoipa::path(post, path = "/api/groups", tag = "groups", request_body = GroupRequest,
    responses((status = 201, body = GroupDetail), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<GroupRequest>,
) -> Result<(StatusCode, Json<GroupDetail>), Problem> {
    let new = check(&request.name, &request.members)?;
    let name = new.name.clone();
    hub.store.add_group(hub.clock.now(), &caller.actor(), new).await?;
    Ok((StatusCode::CREATED, Json(detail(&hub, hub.store.group(&name).await?))))
}

/// A group and how its members are now.
#[utoipa::path(get, path = "/api/groups/{name}", tag = "groups", params(("name" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(name): Path<String>) -> Result<Json<GroupDetail>, Problem> {
    let name = extract::name("name", &name)?;
    Ok(Json(detail(&hub, hub.store.group(&name).await?)))
}

/// Give a group its members, and perhaps a name, anew.
#[utoipa::path(put, path = "/api/groups/{name}", tag = "groups", params(("name" = String, Path)),
    request_body = GroupChange,
    responses((status = 200, body = GroupDetail), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(request): Body<GroupChange>,
) -> Result<Json<GroupDetail>, Problem> {
    let name = extract::name("name", &name)?;
    let current = hub.store.group(&name).await?;
    let new = check(request.name.as_deref().unwrap_or(&current.name), &request.members)?;
    let renamed = new.name.clone();
    hub.store.change_group(hub.clock.now(), &caller.actor(), &name, new).await?;
    Ok(Json(detail(&hub, hub.store.group(&renamed).await?)))
}

#[utoipa::path(delete, path = "/api/groups/{name}", tag = "groups", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let name = extract::name("name", &name)?;
    hub.store.remove_group(hub.clock.now(), &caller.actor(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Groups from a file, `group,member,member,…` a line: all or none.
#[utoipa::path(post, path = "/api/groups/import", tag = "groups", params(ImportQuery),
    request_body(content = String, content_type = "text/csv", description = "Or multipart/form-data with the part `file`"),
    responses((status = 200, body = Imported), (status = 422, body = Problem)))]
pub async fn import(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<ImportQuery>,
    upload: Upload,
) -> Result<Json<Imported>, Problem> {
    let (file, mut faults) = group_file::parse(&upload.bytes);
    let names = file.groups.iter().map(|(_, group)| group.name.clone()).collect();
    let taken = hub.store.taken_groups(names).await?.into_iter().filter_map(|place| file.groups.get(place));
    faults.extend(taken.map(|(line, group)| group_file::exists(*line, &group.name)));
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.line);
        return Err(Problem::lines(faults));
    }
    let groups: Vec<NewGroup> = file.groups.into_iter().map(|(_, group)| group).collect();
    let shown = groups.iter().map(shape).collect();
    if !query.dry_run {
        hub.store.import_groups(hub.clock.now(), &caller.actor(), &upload.file_name, groups).await?;
    }
    Ok(Json(Imported { groups: shown, dry_run: query.dry_run, encoding: file.encoding }))
}

/// Every group as a file that can be imported again.
#[utoipa::path(get, path = "/api/groups/export", tag = "groups",
    responses((status = 200, body = String, content_type = "text/csv")))]
pub async fn export(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Response, Problem> {
    let mut response = group_file::write(&hub.store.all_groups().await?).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"groups.csv\""));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// All problems at once; a member given twice is refused, not dropped: somebody meant another one.
fn check(name: &str, members: &[String]) -> Result<NewGroup, Problem> {
    let mut problems = Vec::new();
    let parsed = Name::parse(name).map_err(|reason| problems.push(FieldProblem::new("name", reason.to_string())));
    if RESERVED.contains(&name.trim()) {
        problems.push(FieldProblem::new("name", "is a word of the interface; choose another"));
    }
    if members.is_empty() || members.len() > MEMBERS {
        problems.push(FieldProblem::new("members", format!("must be 1 to {MEMBERS}")));
    }
    let mut kept = Vec::new();
    let mut seen = HashSet::new();
    for (place, member) in members.iter().take(MEMBERS).enumerate() {
        match Name::parse(member) {
            Err(reason) => problems.push(FieldProblem::new(format!("members[{place}]"), reason.to_string())),
            Ok(member) if !seen.insert(member.key().to_owned()) => {
                problems.push(FieldProblem::new(format!("members[{place}]"), format!("{member} is a member twice")));
            }
            Ok(member) => kept.push(member),
        }
    }
    match parsed {
        Ok(name) if problems.is_empty() => Ok(NewGroup { name, members: kept }),
        _ => Err(Problem::invalid(problems)),
    }
}

fn detail(hub: &Hub, group: Group) -> GroupDetail {
    let mut detail = GroupDetail { name: group.name, connected: Vec::new(), disconnected: Vec::new(), unknown: Vec::new() };
    for member in group.members {
        match member.client {
            None => detail.unknown.push(member.name),
            Some(client) if hub.registry.is_online(client) => detail.connected.push(member.name),
            Some(_) => detail.disconnected.push(member.name),
        }
    }
    detail
}

fn shape(group: &NewGroup) -> ImportedGroup {
    ImportedGroup { name: group.name.to_string(), members: group.members.iter().map(ToString::to_string).collect() }
}
