//! `POST /api/client-actions`: one action on a selection of clients, all or none.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::absence::LIMITS_S;
use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use shared::Name;

use super::auth::Administrator;
use super::extract::{self, Body};
use super::problem::Problem;
use super::{client_list, groups};
use crate::fanout::registry::End;
use crate::hub::Hub;
use crate::store::{ChosenClients, ClientAction, ClientKind};

/// Names in one request.
const MOST: usize = 20_000;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// Technicians are told when it is gone longer than so many seconds, 60 to 2,592,000; `null`: no longer.
    Important {
        after_s: Option<u32>,
    },
    /// The group is made if there is none of this name.
    AddToGroup {
        group: String,
    },
    Revoke,
}

/// Everybody that the list shows with this filter.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ClientSelection {
    #[serde(default)]
    pub filter: ClientKind,
    pub search: Option<String>,
    pub silent_days: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ActRequest {
    pub action: Act,
    /// These clients; or `matching`.
    pub names: Option<Vec<String>>,
    pub matching: Option<ClientSelection>,
    /// How many clients it is meant for. If there are more or fewer by now, nothing is done. Needed to revoke.
    pub count: Option<usize>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ActResult {
    /// How many clients it was done with.
    pub changed: usize,
    /// Names that nobody is enrolled under.
    pub missing: Vec<String>,
}

/// Do the same with many clients: mark them as important, add them to a group, or shut them out.
#[utoipa::path(post, path = "/api/client-actions", tag = "clients", request_body = ActRequest,
    responses((status = 200, body = ActResult), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn act(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<ActRequest>,
) -> Result<Json<ActResult>, Problem> {
    let action = action(request.action)?;
    let is_revocation = matches!(action, ClientAction::Revoke);
    if is_revocation && request.count.is_none() {
        return Err(Problem::field("count", "must say how many clients are to be revoked"));
    }
    let chosen = chosen(&hub, request.names, request.matching)?;
    let done = hub.store.act_on_clients(hub.clock.now(), &caller.actor(), action, chosen, request.count).await?;
    if is_revocation {
        for session in done.clients.iter().filter_map(|id| hub.registry.find(*id)) {
            session.end(End::Revoked);
        }
    }
    Ok(Json(ActResult { changed: done.clients.len(), missing: done.missing }))
}

fn action(act: Act) -> Result<ClientAction, Problem> {
    match act {
        Act::Important { after_s: Some(after_s) } if !LIMITS_S.contains(&after_s) => {
            Err(Problem::field("action.after_s", format!("must be {} to {} seconds", LIMITS_S.start(), LIMITS_S.end())))
        }
        Act::Important { after_s } => Ok(ClientAction::Important(after_s)),
        Act::AddToGroup { group } if groups::RESERVED.contains(&group.trim()) => {
            Err(Problem::field("action.group", "is a word of the interface; choose another"))
        }
        Act::AddToGroup { group } => Ok(ClientAction::AddToGroup(extract::name("action.group", &group)?)),
        Act::Revoke => Ok(ClientAction::Revoke),
    }
}

fn chosen(hub: &Hub, names: Option<Vec<String>>, matching: Option<ClientSelection>) -> Result<ChosenClients, Problem> {
    match (names, matching) {
        (None, Some(ClientSelection { filter, search, silent_days })) => {
            Ok(ChosenClients::Matching(client_list::filter(hub, filter, search, silent_days)?))
        }
        (Some(names), None) if !(1..=MOST).contains(&names.len()) => Err(Problem::field("names", format!("must be 1 to {MOST}"))),
        (Some(names), None) => {
            let mut problems = Vec::new();
            let mut parsed = Vec::new();
            for (place, name) in names.iter().enumerate() {
                match Name::parse(name) {
                    Ok(name) => parsed.push(name),
                    Err(reason) => problems.push(FieldProblem::new(format!("names[{place}]"), reason.to_string())),
                }
            }
            if problems.is_empty() { Ok(ChosenClients::Names(parsed)) } else { Err(Problem::invalid(problems)) }
        }
        _ => Err(Problem::field("names", "say either `names` or `matching`")),
    }
}
