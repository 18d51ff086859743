//! Requests over real TLS to a door that stands in for nothing but the network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

use std::fs::File;
use std::net::{Ipv4Addr, Ipv6Addr};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::clock::Clock;
use crate::security::secrets::Secrets;
use crate::security::tls::Tls;

/// Opens a door with the certificates in `certificates` and writes DATA/ready.json in `data`.
async fn open_door(data: &Path, certificates: &Path) -> SocketAddr {
    let tls = Tls::open(certificates, &[], None, Clock::default().now()).unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let said = |headers: &HeaderMap, name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let router = Router::new()
        .route("/api/config", get(async move || axum::Json(json!({ "https": address }))))
        .route(
            "/echo",
            post(async move |headers: HeaderMap, body: String| {
                let body: Value = serde_json::from_str(&body).unwrap();
                axum::Json(json!({ "token": said(&headers, "authorization"), "key": said(&headers, "idempotency-key"), "body": body }))
            }),
        )
        .route("/gone", get(async || (StatusCode::NOT_FOUND, axum::Json(json!({ "title": "Unknown client", "detail": "Sol" })))))
        .route("/nothing", get(async || StatusCode::NO_CONTENT));
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(tls.server_config());
        while let Ok((tcp, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(tcp).await else { continue };
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    std::fs::write(data.join("ready.json"), json!({ "pid": 1, "https": address, "events": "127.0.0.1:1" }).to_string()).unwrap();
    address
}

fn config() -> Config {
    Config::default()
}

#[tokio::test]
async fn a_running_hub_is_asked_with_the_token_of_its_folder() {
    let data = tempfile::tempdir().unwrap();
    let token = format!("Bearer {}", Secrets::open(data.path()).unwrap().cli_token());
    let address = open_door(data.path(), data.path()).await;
    let hub = Backend::connect(data.path(), config()).await.unwrap();
    let ask = Ask::post("/echo", json!({ "a": "ñ" })).idempotent("once".to_owned());
    assert_eq!(hub.ask(ask).await.unwrap(), json!({ "token": token, "key": "once", "body": { "a": "ñ" } }));
    assert_eq!(hub.ask(Ask::get("/nothing")).await.unwrap(), Value::Null);
    let refusal = hub.ask(Ask::get("/gone")).await.unwrap_err();
    assert_eq!((refusal.exit(), refusal.text()), (1, "Unknown client: Sol"));
    assert_eq!(hub.address_for_agents(&[]).await.unwrap(), address.to_string());
}

#[tokio::test]
async fn a_door_with_another_authority_gets_no_token() {
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Secrets::open(data.path()).unwrap();
    Tls::open(data.path(), &[], None, Clock::default().now()).unwrap();
    open_door(data.path(), other.path()).await;
    let ready = Ready::read(data.path()).unwrap();
    let refusal = Running::connect(data.path(), &ready).await.err().unwrap().to_string();
    assert!(refusal.contains("certificate"), "{refusal}");
}

#[tokio::test]
async fn what_a_killed_hub_left_behind_is_not_believed() {
    let data = tempfile::tempdir().unwrap();
    Secrets::open(data.path()).unwrap();
    Tls::open(data.path(), &[], None, Clock::default().now()).unwrap();
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    std::fs::write(data.path().join("ready.json"), json!({ "https": closed }).to_string()).unwrap();
    File::create(data.path().join("lock")).unwrap();
    assert!(running_hub(data.path()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_hub_that_holds_the_folder_and_says_nothing_is_an_error() {
    let data = tempfile::tempdir().unwrap();
    let owner = File::create(data.path().join("lock")).unwrap();
    owner.try_lock().unwrap();
    let error = running_hub_within(Duration::from_millis(300), data.path()).await.err().unwrap().to_string();
    assert!(error.contains("does not answer") && error.contains("server.log"), "{error}");
}

#[test]
fn agents_are_told_the_best_known_address() {
    let names = ["*.example.org".to_owned(), "hub.example.org".to_owned()];
    assert_eq!(address_for_agents((Ipv4Addr::UNSPECIFIED, 8443).into(), &names), "hub.example.org:8443");
    assert_eq!(address_for_agents((Ipv4Addr::new(10, 0, 0, 5), 1).into(), &[]), "10.0.0.5:1");
    assert_eq!(address_for_agents((Ipv6Addr::LOCALHOST, 1).into(), &[]), "[::1]:1");
    assert!(address_for_agents((Ipv4Addr::UNSPECIFIED, 8443).into(), &[]).ends_with(":8443"));
}
