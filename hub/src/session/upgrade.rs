//! `/ws/client`: answers 101, takes the TLS stream back from hyper, and runs the session on it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::accept::Admission;
use super::hearing::Hearing;
use super::socket::Stream;
use super::{actor, handshake, socket};
use crate::http::problem::Problem;
use crate::hub::Hub;

const UPGRADE_DEADLINE: Duration = Duration::from_secs(10);

/// The answer to a request for `/ws/client`; a good one starts a session. `address` is whom a trusted proxy names, if one asks.
pub(super) fn agent(hub: Arc<Hub>, mut request: Request<Incoming>, address: IpAddr, admission: Option<Admission>) -> Response<Body> {
    let accept = match accept_key(&request) {
        Ok(accept) => accept,
        Err(reason) => return Problem::bad_request(reason).into(),
    };
    let Some(mut admission) = admission else { return Problem::bad_request("this connection was upgraded before").into() };
    let upgrading = hyper::upgrade::on(&mut request);
    let tasks = hub.tasks.clone();
    tasks.spawn("session", async move {
        // Each step in a box of its own, gone before the next: they need much memory for a moment, a session little for months.
        let Some(mut stream) = Box::pin(websocket(upgrading)).await else { return };
        let Some(known) = Box::pin(handshake::run(&hub, &mut stream, address)).await else { return };
        admission.prove();
        Box::pin(actor::run(hub, stream, known)).await;
    });
    switching(accept)
}

fn accept_key(request: &Request<Incoming>) -> Result<String, &'static str> {
    let headers = request.headers();
    if request.method() != Method::GET || !has_token(headers, &CONNECTION, "upgrade") || !has_token(headers, &UPGRADE, "websocket") {
        return Err("agents speak WebSocket here: GET with `Connection: Upgrade` and `Upgrade: websocket`");
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err("`Sec-WebSocket-Version` must be 13");
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or("`Sec-WebSocket-Key` is missing")?;
    Ok(derive_accept_key(key.as_bytes()))
}

fn has_token(headers: &HeaderMap, name: &hyper::header::HeaderName, token: &str) -> bool {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
}

fn switching(accept: String) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::try_from(accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

/// hyper's buffers are dropped: an idle agent costs TLS state and one small read buffer.
async fn websocket(upgrading: OnUpgrade) -> Option<Stream> {
    let upgraded = tokio::time::timeout(UPGRADE_DEADLINE, upgrading).await.ok()?.ok()?;
    let parts = upgraded.downcast::<TokioIo<Hearing<TlsStream<TcpStream>>>>().ok()?;
    let stream = parts.io.into_inner().into_inner();
    let websocket = WebSocketStream::from_partially_read(stream, parts.read_buf.to_vec(), Role::Server, Some(socket::config()));
    Some(Box::new(websocket.await))
}
