//! The front door against hostile peers: they cost little and end nobody else's session.

use std::time::{Duration, Instant};

use hyper::Method;
use pregon_swarm::http::Api;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{SOON, TestHub};

#[tokio::test]
async fn a_peer_that_drips_its_headers_is_cut_off() {
    let hub = TestHub::start().await;
    let mut stream = hub.endpoint().dial().await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let began = Instant::now();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "still open after 20 s");
    assert!(began.elapsed() > Duration::from_secs(5), "it had its time");
}

#[tokio::test]
async fn garbage_and_half_open_connections_disturb_nobody() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut open = Vec::new();
    for number in 0..200_u32 {
        let mut stream = TcpStream::connect(hub.listening.https).await.unwrap();
        if number % 2 == 0 {
            // The hub may hang up in the middle.
            let _ = stream.write_all(&number.to_be_bytes().repeat(100)).await;
        }
        open.push(stream);
    }
    hub.send_all("critical", "through").await;
    agent.alert(SOON).await.unwrap();
}

#[tokio::test]
async fn one_address_cannot_take_every_connection() {
    let hub = TestHub::with(&[("PREGON_LIMITS_PER_ADDRESS", "5")]).await;
    // Agents that have proved who they are do not count.
    let mut agents = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f"] {
        agents.push(hub.agent(name).await);
    }
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(TcpStream::connect(hub.listening.https).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut beyond = TcpStream::connect(hub.listening.https).await.unwrap();
    let mut byte = [0];
    let read = tokio::time::timeout(SOON, beyond.read(&mut byte)).await.expect("it is closed at once");
    assert!(matches!(read, Ok(0) | Err(_)));
    drop(open);
    crate::harness::until("places are given back", async || Api::new(&hub.endpoint()).get("/healthz").await.is_ok()).await;
}

#[tokio::test]
async fn only_tls_1_3_is_spoken() {
    let hub = TestHub::start().await;
    // A ClientHello of TLS 1.2 without the extension that offers 1.3.
    let hello = [&[0x16, 3, 1, 0, 0x2d, 1, 0, 0, 0x29, 3, 3][..], &[7; 32], &[0, 0, 2, 0xc0, 0x2f, 1, 0]].concat();
    let mut stream = TcpStream::connect(hub.listening.https).await.unwrap();
    stream.write_all(&hello).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await.expect("an end");
    assert_eq!(answer.first(), Some(&0x15), "an alert, no ServerHello: {answer:?}");
}

#[tokio::test]
async fn the_agents_path_explains_itself_to_whoever_is_no_agent() {
    let hub = TestHub::start().await;
    let api = Api::new(&hub.endpoint());
    let reply = api.get("/ws/client").await.unwrap();
    assert_eq!(reply.status, 400);
    assert!(reply.json()["detail"].as_str().unwrap().contains("WebSocket"));
    let reply = api.request(Method::POST, "/ws/client", &[], Some(&json!({}))).await.unwrap();
    assert_eq!(reply.status, 400);
}
