//! What stands before every request: whoever is banned hears 403, and what nobody proved to be theirs is looked at.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONNECTION, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyDataStream, BodyExt as _};
use hyper::Request;
use hyper::body::{Body as _, Incoming};
use tower_service::Service as _;

use crate::http::problem::Problem;
use crate::http::{auth, dialects, peer};
use crate::hub::Hub;
use crate::monitor::refusals::Refused;
use crate::security::guard;

/// The longest an answer may take, its request's body included.
const ANSWER: Duration = Duration::from_secs(30);
/// How much of a stranger's body is looked at.
const BODY_BYTES: usize = 16 * 1024;

/// The panel's scripts, styles and fonts.
const FILES: &str = "/assets/";

/// Doors whose first frame says who it is: they are open to a banned address, too.
const SOCKETS: [&str; 2] = ["/ws/client", "/ws/panel"];

/// Who asks: the peer, or whom a trusted proxy names.
pub(super) fn address(hub: &Hub, headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
    peer::address(peer.ip(), headers, &hub.config.https.trusted_proxies)
}

/// The answer to whoever is kept out, unless this request may pass all the same.
pub(super) async fn refusal(hub: &Hub, request: &Request<Incoming>, address: IpAddr) -> Option<Response> {
    if !hub.guard.is_banned(address) || SOCKETS.contains(&request.uri().path()) || is_somebody(hub, request.headers()).await {
        return None;
    }
    hub.monitor.refusals.count(Refused::Banned);
    let mut response = Problem::banned().into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Some(response)
}

/// A log-in that was open before the ban goes on.
async fn is_somebody(hub: &Hub, headers: &HeaderMap) -> bool {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.split_once(' '));
    let Some((_, token)) = token else { return false };
    matches!(auth::caller(hub, token.trim()).await, Ok(Some(_)))
}

/// Answers, and holds against a stranger what looks like an attack. What belongs to somebody is never looked at.
pub(super) async fn answer(hub: Arc<Hub>, mut router: Router, request: Request<Incoming>, peer: SocketAddr, address: IpAddr) -> Response {
    let (mut parts, body) = request.into_parts();
    let shown = dialects::token_shown(&parts.headers, parts.uri.query()).map(|token| hub.requests.shown(&token));
    let taken = match parts.uri.path().starts_with(FILES) {
        true => hub.requests.take_file(address),
        false => hub.requests.take(address, shown, hub.guard.is_trusted(address)),
    };
    if let Err(too_fast) = taken {
        hub.monitor.refusals.count(Refused::TooFast);
        hub.guard.refused(address);
        return dialects::refused(parts.uri.path(), Problem::from(too_fast));
    }
    parts.extensions.insert(ConnectInfo(peer));
    let (line, uri, headers) = (what(&parts), parts.uri.clone(), parts.headers.clone());
    let mut start = Bytes::new();
    let work = async {
        let body = if body.is_end_stream() { Body::new(body) } else { begun(body, &mut start).await };
        let Ok(response) = router.call(Request::from_parts(parts, body)).await;
        response
    };
    let (answered, proved) = guard::watched(tokio::time::timeout(ANSWER, work)).await;
    // Where nobody asks who it is, nothing is learned.
    let is_nobody = answered.as_ref().is_ok_and(|response| response.status() == StatusCode::UNAUTHORIZED);
    if let Some(shown) = shown.filter(|_| proved || is_nobody) {
        hub.requests.learn(shown, proved);
    }
    if !proved {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let seen = guard::of_head(uri.path(), uri.query(), headers).or_else(|| guard::of_body(&start));
        if let Some(kind) = seen {
            hub.guard.strike(address, kind, None, &line);
        }
    }
    answered.unwrap_or_else(|_| Problem::slow().into_response())
}

/// The line of the request without its query: that may hold a secret.
fn what(parts: &Parts) -> String {
    format!("{} {}", parts.method, parts.uri.path())
}

/// The whole body again, once its start is here.
async fn begun(mut body: Incoming, start: &mut Bytes) -> Body {
    let mut read = Vec::new();
    while read.len() < BODY_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            // What is broken is for the handler to say.
            Some(Err(_)) | None => break,
        }
    }
    *start = read.into();
    let whole = stream::iter([Ok::<_, hyper::Error>(start.clone())]).chain(BodyDataStream::new(body));
    Body::from_stream(whole)
}
