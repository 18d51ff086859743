//! `/api/security`: what the guard noticed, whom it keeps out, whom it trusts. For admin.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::guard::{Kind, Level};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::auth::Administrator;
use super::extract::{Body, Path, Query};
use super::problem::Problem;
use super::shape::{self, PageQuery};
use crate::hub::Hub;
use crate::logs;
use crate::security::addresses::network;
use crate::store::{Allowed, Ban, BanRow, SecurityCounts, SecurityEvent, SecurityFilter};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A ban by hand lasts this long unless the asker says.
const MINUTES: u32 = 60;
/// The longest ban: a year.
const MOST_MINUTES: u32 = 366 * 24 * 60;
const REASON_CHARS: usize = 200;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SecurityQuery {
    #[param(inline)]
    pub kind: Option<Kind>,
    #[param(inline)]
    pub level: Option<Level>,
    /// Exactly this address; of IPv6 any in its /64.
    pub ip: Option<String>,
    /// Part of the address, the name or the detail.
    pub search: Option<String>,
    /// RFC 3339, or a day like `2026-11-21` by the hub's clock.
    pub from: Option<String>,
    /// Up to and without this moment; a day is meant whole.
    pub to: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
}

/// Newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SecurityEventList {
    pub events: Vec<SecurityEvent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

/// What the last 24 hours brought, and how many are kept out now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SecurityDay {
    pub strikes: SecurityCounts,
    pub bans: u64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BanQuery {
    /// Part of the address, the name or the reason.
    pub search: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
}

/// Bans that hold, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BanList {
    pub bans: Vec<BanRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BanRequest {
    /// An address; of IPv6 its /64 is kept out.
    pub ip: String,
    /// 60 if absent, at most a year.
    #[serde(default)]
    pub minutes: Option<u32>,
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AllowRequest {
    /// An address, or a network like `10.0.0.0/8`.
    pub network: String,
    #[serde(default)]
    pub reason: String,
}

/// Networks whose strikes are recorded and never banned.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrustedList {
    /// Made here.
    pub allowed: Vec<Allowed>,
    /// Of the setting `guard.trusted`.
    pub configured: Vec<String>,
}

/// What the guard noticed.
#[utoipa::path(get, path = "/api/security/events", tag = "security", params(SecurityQuery),
    responses((status = 200, body = SecurityEventList), (status = 422, body = Problem)))]
pub async fn events(
    State(hub): State<Arc<Hub>>,
    Administrator(_): Administrator,
    Query(query): Query<SecurityQuery>,
) -> Result<Json<SecurityEventList>, Problem> {
    let filter = SecurityFilter {
        kind: query.kind,
        level: query.level,
        address: query.ip.filter(|ip| !ip.is_empty()).map(|ip| address("ip", &ip)).transpose()?.map(|ip| ip.to_string()),
        search: shape::words(query.search),
        from: shape::moment("from", query.from.as_deref(), logs::day_start)?,
        to: shape::moment("to", query.to.as_deref(), logs::day_end)?,
    };
    let page = hub.store.security_events(filter, shape::number(query.cursor.as_deref())?, shape::limit(query.limit)).await?;
    Ok(Json(SecurityEventList { events: page.items, next_cursor: page.next, total: page.total }))
}

/// The last 24 hours in numbers.
#[utoipa::path(get, path = "/api/security/day", tag = "security", responses((status = 200, body = SecurityDay)))]
pub async fn day(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<SecurityDay>, Problem> {
    let now = hub.clock.now();
    let strikes = hub.store.security_counts(now.plus_millis(-DAY_MS)).await?;
    let bans = hub.store.bans(now, None, None, 1).await?.total;
    Ok(Json(SecurityDay { strikes, bans }))
}

/// Who is kept out now.
#[utoipa::path(get, path = "/api/security/bans", tag = "security", params(BanQuery), responses((status = 200, body = BanList)))]
pub async fn bans(
    State(hub): State<Arc<Hub>>,
    Administrator(_): Administrator,
    Query(query): Query<BanQuery>,
) -> Result<Json<BanList>, Problem> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let found = hub.store.bans(hub.clock.now(), shape::words(query.search), page.number()?, page.limit()).await?;
    Ok(Json(BanList { bans: found.items, next_cursor: found.next, total: found.total }))
}

/// Keep an address out. Sessions that are open stay, and an agent with its right key still gets in.
#[utoipa::path(post, path = "/api/security/bans", tag = "security", request_body = BanRequest,
    responses((status = 201, body = BanRow), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn ban(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<BanRequest>,
) -> Result<(StatusCode, Json<BanRow>), Problem> {
    let ip = address("ip", &request.ip)?;
    let minutes = request.minutes.unwrap_or(MINUTES);
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Problem::field("minutes", format!("must be 1 to {MOST_MINUTES}")));
    }
    let reason = reason(&request.reason)?;
    if hub.guard.is_trusted(ip) {
        return Err(Problem::conflict(format!("{ip} is trusted and never banned; take it from the trusted networks first")));
    }
    let now = hub.clock.now();
    let until = now.plus_millis(i64::from(minutes) * MINUTE_MS);
    let ban = Ban { address: ip.to_string(), client: None, since: now, until, reason };
    hub.guard.ban(&caller.actor(), ban.clone()).await?;
    let Ban { address: ip, client, since, until, reason } = ban;
    Ok((StatusCode::CREATED, Json(BanRow { ip, client, since, until, reason, banned_by: caller.name })))
}

/// Let an address in again, and the names behind it.
#[utoipa::path(delete, path = "/api/security/bans/{ip}", tag = "security", params(("ip" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn unban(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(ip): Path<String>,
) -> Result<StatusCode, Problem> {
    let ip = ip.parse::<IpAddr>().map(network).map_err(|_| Problem::not_found("the ban"))?;
    hub.guard.lift(&caller.actor(), ip).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Networks whose strikes are recorded and never banned.
#[utoipa::path(get, path = "/api/security/trusted", tag = "security", responses((status = 200, body = TrustedList)))]
pub async fn trusted(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<TrustedList>, Problem> {
    let configured = hub.config.guard.trusted.iter().map(ToString::to_string).collect();
    Ok(Json(TrustedList { allowed: hub.store.allowed().await?, configured }))
}

/// Trust a network; its bans end.
#[utoipa::path(post, path = "/api/security/trusted", tag = "security", request_body = AllowRequest,
    responses((status = 204), (status = 422, body = Problem)))]
pub async fn trust(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<AllowRequest>,
) -> Result<StatusCode, Problem> {
    let network =
        parsed_network(&request.network).ok_or_else(|| Problem::field("network", "is no address and no network like 10.0.0.0/8"))?;
    if network.prefix_len() == 0 {
        return Err(Problem::field("network", "is everybody: nobody would ever be banned"));
    }
    hub.guard.allow(&caller.actor(), network, reason(&request.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Trust a network no more.
#[utoipa::path(delete, path = "/api/security/trusted/{network}", tag = "security", params(("network" = String, Path, description = "Its `/` as `%2F`")),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn distrust(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(network): Path<String>,
) -> Result<StatusCode, Problem> {
    let network = parsed_network(&network).ok_or_else(|| Problem::not_found("the network"))?;
    hub.guard.disallow(&caller.actor(), network).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An address as the guard keeps it.
fn address(field: &str, text: &str) -> Result<IpAddr, Problem> {
    text.trim().parse().map(network).map_err(|_| Problem::field(field, "is no IP address"))
}

fn parsed_network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(network.trunc())
}

fn reason(text: &str) -> Result<String, Problem> {
    let text = shared::text::one_line(text);
    if text.chars().count() > REASON_CHARS {
        return Err(Problem::field("reason", format!("has more than {REASON_CHARS} characters")));
    }
    Ok(text)
}
