//! Webhooks out: told, signed, tried again, and kept from reaching where they must not.

use std::sync::{Arc, Mutex};

use pregon_hub::courier::webhook;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::harness::{TestHub, until};
use crate::post::certified;

/// A program that is told: an HTTPS server that keeps what it hears and answers as it was told to.
struct Listener {
    url: String,
    folder: tempfile::TempDir,
    heard: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Option<&'static str>>>,
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

impl Listener {
    async fn open() -> Self {
        let (folder, tls) = certified();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/hook?a=b", listener.local_addr().unwrap().port());
        let (heard, answer) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Mutex::new(Some(OK))));
        let (hearing, answering) = (Arc::clone(&heard), Arc::clone(&answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, hearing, answering) = (tls.clone(), Arc::clone(&hearing), Arc::clone(&answering));
                tokio::spawn(async move {
                    let Ok(mut stream) = tls.accept(stream).await else { return };
                    let request = read(&mut stream).await;
                    hearing.lock().unwrap().push(request);
                    let Some(answer) = *answering.lock().unwrap() else { return std::future::pending().await };
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, folder, heard, answer }
    }

    async fn hub(&self) -> TestHub {
        let ca = self.folder.path().join("ca.pem");
        TestHub::with(&[("PREGON_WEBHOOKS_CA", ca.to_str().unwrap()), ("PREGON_WEBHOOKS_TIMEOUT_S", "1")]).await
    }

    fn say(&self, answer: Option<&'static str>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Head and body of one request.
async fn read(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

async fn make(hub: &TestHub, url: &str, allow_private: bool) -> Value {
    let new = json!({"name": "Ticket", "url": url, "allow_private": allow_private, "from_severity": "error"});
    hub.admin.post("/api/webhooks", &new).await.unwrap().expect(201).unwrap()
}

async fn attempts(hub: &TestHub) -> Vec<Value> {
    hub.get("/api/webhooks/ticket/attempts").await["attempts"].as_array().unwrap().clone()
}

async fn report(hub: &TestHub, severity: &str) {
    let event = json!({"source": "router", "severity": severity, "message": "ñ", "labels": {"rack": "7"}});
    hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    request.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_else(|| panic!("no {name} in {request}"))
}

#[tokio::test]
async fn a_webhook_is_told_of_severe_events_and_can_check_who_tells() {
    let listener = Listener::open().await;
    let hub = listener.hub().await;
    let secret = make(&hub, &listener.url, true).await["secret"].as_str().unwrap().to_owned();
    report(&hub, "warning").await;
    report(&hub, "error").await;
    until("a call", async || attempts(&hub).await.len() == 1).await;
    let heard = listener.heard();
    let (head, body) = heard[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1"), "{head}");
    let (id, seconds) = (header(head, "webhook-id"), header(head, "webhook-timestamp"));
    let expected = webhook::signature(&secret, id, seconds.parse().unwrap(), body).unwrap();
    assert_eq!(header(head, "webhook-signature"), expected);
    let told: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&told["severity"], &told["text"], &told["facts"]["rack"]), (&json!("error"), &json!("ñ"), &json!("7")), "{told}");
    let listed = hub.get("/api/webhooks").await;
    assert_eq!(listed["webhooks"][0]["last"]["status"], "sent");
    assert!(!listed.to_string().contains(&secret), "the secret is said once");
    let test = hub.admin.post("/api/webhooks/ticket/test", &json!({})).await.unwrap().expect(200).unwrap();
    assert_eq!(test, json!({"status": "sent", "detail": "200 OK ok"}));
}

#[tokio::test]
async fn what_a_webhook_does_not_take_is_told_again_under_the_same_id() {
    let listener = Listener::open().await;
    let hub = listener.hub().await;
    make(&hub, &listener.url, true).await;
    let table = [
        (Some("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"), "answered 500"),
        (Some("HTTP/1.1 302 Found\r\nlocation: https://localhost:1/\r\ncontent-length: 0\r\n\r\n"), "redirects"),
        (Some("garbage\r\n\r\n"), ""),
        (None, "no answer within 1 s"),
    ];
    listener.say(table[0].0);
    report(&hub, "critical").await;
    for (index, (answer, words)) in table.into_iter().enumerate() {
        listener.say(answer);
        until(&format!("attempt {index}"), async || attempts(&hub).await.len() > index).await;
        let newest = &attempts(&hub).await[0];
        assert!(newest["status"] == "failed" && newest["detail"].as_str().unwrap().contains(words), "{newest}");
        listener.say(table.get(index + 1).map_or(Some(OK), |next| next.0));
        hub.clock.advance(10 * 60 * 1_000);
    }
    until("taken", async || attempts(&hub).await[0]["status"] == "sent").await;
    let heard = listener.heard();
    let ids: std::collections::BTreeSet<&str> = heard.iter().map(|request| header(request, "webhook-id")).collect();
    assert_eq!((heard.len(), ids.len()), (5, 1));
}

#[tokio::test]
async fn a_new_secret_is_said_once_and_signs_from_then_on() {
    let listener = Listener::open().await;
    let hub = listener.hub().await;
    let before = make(&hub, &listener.url, true).await["secret"].as_str().unwrap().to_owned();
    let made = hub.admin.post("/api/webhooks/TICKET/secret", &json!({})).await.unwrap().expect(200).unwrap();
    let after = made["secret"].as_str().unwrap();
    assert!(made["name"] == "Ticket" && after != before && after.starts_with("whsec_"), "{made}");
    assert!(!hub.get("/api/webhooks").await.to_string().contains(after));
    hub.admin.post("/api/webhooks/ticket/test", &json!({})).await.unwrap().expect(200).unwrap();
    let heard = listener.heard();
    let (head, body) = heard[0].split_once("\r\n\r\n").unwrap();
    let (id, seconds) = (header(head, "webhook-id"), header(head, "webhook-timestamp"));
    let signed = |secret: &str| webhook::signature(secret, id, seconds.parse().unwrap(), body).unwrap();
    assert!(header(head, "webhook-signature") == signed(after) && signed(after) != signed(&before));
    assert_eq!(hub.admin.post("/api/webhooks/none/secret", &json!({})).await.unwrap().status, 404);
}

#[tokio::test]
async fn a_webhook_does_not_reach_into_the_inner_network_unless_it_may() {
    let listener = Listener::open().await;
    let hub = listener.hub().await;
    make(&hub, &listener.url, false).await;
    report(&hub, "critical").await;
    until("an attempt", async || attempts(&hub).await.len() == 1).await;
    let refused = attempts(&hub).await;
    assert!(refused[0]["detail"].as_str().unwrap().contains("inner network"), "{}", refused[0]);
    assert!(listener.heard().is_empty());
    let mapped = json!({"url": listener.url.replace("localhost", "[::ffff:127.0.0.1]")});
    hub.admin.put("/api/webhooks/ticket", &mapped).await.unwrap().expect(204).unwrap();
    let test = hub.admin.post("/api/webhooks/ticket/test", &json!({})).await.unwrap().json();
    assert!(test["detail"].as_str().unwrap().contains("inner network"), "{test}");
}

#[tokio::test]
async fn a_webhook_that_is_not_right_is_refused_and_a_removed_one_is_told_nothing() {
    let listener = Listener::open().await;
    let hub = listener.hub().await;
    let table = [
        (json!({"name": "a", "url": "http://example.org/"}), "url"),
        (json!({"name": "a", "url": "https://u:p@example.org/"}), "url"),
        (json!({"name": "a", "url": "https://"}), "url"),
        (json!({"name": "a", "url": "https://a b/"}), "url"),
        (json!({"name": "a", "url": format!("https://example.org/{}", "x".repeat(600))}), "url"),
        (json!({"name": "a\nb", "url": "https://example.org/"}), "name"),
        (json!({"name": "a", "url": "https://example.org/", "secret": "short"}), "secret"),
        (json!({"name": "a", "url": "https://example.org/", "from_severity": "fatal"}), "from_severity"),
    ];
    for (body, field) in table {
        let reply = hub.admin.post("/api/webhooks", &body).await.unwrap();
        assert_eq!((reply.status, reply.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{body}: {}", reply.json());
    }
    make(&hub, &listener.url, true).await;
    let again = json!({"name": " TICKET ", "url": "https://example.org/"});
    assert_eq!(hub.admin.post("/api/webhooks", &again).await.unwrap().status, 409);
    listener.say(Some("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"));
    report(&hub, "critical").await;
    until("an attempt", async || attempts(&hub).await.len() == 1).await;
    hub.admin.delete("/api/webhooks/ticket").await.unwrap().expect(204).unwrap();
    assert_eq!(hub.admin.get("/api/webhooks/ticket/attempts").await.unwrap().status, 404);
    hub.clock.advance(10 * 60 * 1_000);
    tokio::time::sleep(crate::harness::MOMENT * 3).await;
    assert_eq!(listener.heard().len(), 1);
}
