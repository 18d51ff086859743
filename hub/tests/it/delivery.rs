//! From "accepted" to "dismissed": nothing lost, states only forward, the severest first.

use pregon_swarm::agent::Agent;
use pregon_swarm::http::Api;
use serde_json::json;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::{Connect, ReceiptState, ToHub};
use shared::{AlertId, Audience, Severity};

use crate::harness::{MOMENT, PASSWORD, SOON, TestHub, id, key, until};

#[tokio::test]
async fn everybody_gets_the_same_signed_frame_and_its_way_is_seen() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol", "luna"]).await;
    let (mut sol, connected) = hub.connect_with("sol").await;
    let mut luna = hub.connect("luna").await;
    let alert = json!({"audience": {"kind": "global"}, "severity": "critical", "title": "Retirada", "text": "Lote 42", "replies": ["Hecho"], "drill": true});
    let sent = hub.send(alert).await;
    assert_eq!((sent["recipients"].as_u64(), sent["online"].as_array().map(Vec::len)), (Some(2), Some(2)));
    let frame = sol.recv_text(SOON).await.unwrap();
    assert_eq!(frame, luna.recv_text(SOON).await.unwrap(), "encoded once for all");
    let ToAgent::Alert(alert) = ToAgent::decode(&frame).unwrap() else { panic!("{frame}") };
    assert_eq!(shared::signature::verify(&alert, &connected.signing_key), Ok(()));
    assert_eq!((alert.severity, alert.audience.clone(), alert.drill, alert.expires_at), (Severity::Critical, Audience::Global, true, None));
    let id = id(&sent);
    hub.until_state(&id, "sol", "sent").await;
    for (state, word) in
        [(ReceiptState::Delivered, "delivered"), (ReceiptState::Displayed, "displayed"), (ReceiptState::Dismissed, "dismissed")]
    {
        sol.receipt(alert.id, state).await.unwrap();
        let ToAgent::ReceiptsOk(confirmed) = sol.recv(SOON).await.unwrap() else { panic!("expected receipts_ok") };
        assert_eq!((confirmed.items[0].id, confirmed.items[0].state), (alert.id, state));
        let row = hub.delivery(&id, "sol").await;
        assert_eq!(row["state"], word, "confirmed means durable");
        assert!(row[format!("{word}_at")].is_string(), "{row}");
    }
    let counts = hub.alert(&id).await["counts"].clone();
    assert_eq!((counts["recipients"].as_u64(), counts["dismissed"].as_u64(), counts["seen"].as_u64()), (Some(2), Some(1), Some(1)));
}

#[tokio::test]
async fn a_private_alert_reaches_one_branch_alone() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("Farmacia Sol").await;
    let mut luna = hub.agent("luna").await;
    let audience = json!([{"kind": "private", "name": "FARMACIA SOL"}, {"kind": "private", "name": "nobody"}]);
    let sent = hub.send(json!({"audience": audience, "text": "only you"})).await;
    assert_eq!((&sent["online"], &sent["unknown"]), (&json!(["Farmacia Sol"]), &json!(["nobody"])));
    assert_eq!(sol.alert(SOON).await.unwrap().audience, Audience::Private { name: "FARMACIA SOL".into() });
    assert!(luna.recv(MOMENT).await.is_err(), "nobody else hears of it");
}

#[tokio::test]
async fn what_waited_comes_severest_first_then_oldest() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    for (severity, text) in [("info", "1"), ("critical", "2"), ("warning", "3"), ("critical", "4"), ("error", "5")] {
        hub.send_all(severity, text).await;
    }
    let mut agent = hub.connect("sol").await;
    let mut texts = Vec::new();
    for _ in 0..5 {
        texts.push(agent.alert(SOON).await.unwrap().text);
    }
    assert_eq!(texts, ["2", "4", "5", "3", "1"]);
    assert!(agent.recv(MOMENT).await.is_err(), "each came once");
}

#[tokio::test]
async fn a_long_backlog_comes_whole_and_once() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    for number in 0..450 {
        hub.send_all(if number % 3 == 0 { "critical" } else { "info" }, &number.to_string()).await;
    }
    let mut agent = hub.connect("sol").await;
    let mut seqs = std::collections::HashSet::new();
    for number in 0..450 {
        let alert = agent.alert(SOON).await.unwrap();
        assert_eq!(alert.severity == Severity::Critical, number < 150, "criticals first");
        assert!(seqs.insert(alert.seq), "twice: {}", alert.seq);
    }
    assert!(agent.recv(MOMENT).await.is_err());
}

#[tokio::test]
async fn an_alert_is_sent_again_until_it_is_acknowledged() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let sent = hub.send_all("critical", "again").await;
    let mut agent = hub.connect("sol").await;
    agent.alert(SOON).await.unwrap();
    agent.close().await.unwrap();
    let mut agent = hub.connect("sol").await;
    let alert = agent.alert(SOON).await.unwrap();
    agent.receipt(alert.id, ReceiptState::Delivered).await.unwrap();
    hub.until_state(&sent, "sol", "delivered").await;
    agent.close().await.unwrap();
    let mut agent = hub.connect("sol").await;
    assert!(agent.recv(MOMENT).await.is_err(), "acknowledged");
}

#[tokio::test]
async fn an_agent_that_knows_another_epoch_gets_everything_that_is_active() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let (open, closed) = (hub.send_all("critical", "open").await, hub.send_all("critical", "closed").await);
    for state in [ReceiptState::Displayed, ReceiptState::Dismissed] {
        agent.receipt(AlertId::parse(&closed).unwrap(), state).await.unwrap();
    }
    agent.receipt(AlertId::parse(&open).unwrap(), ReceiptState::Displayed).await.unwrap();
    hub.until_state(&open, "sol", "displayed").await;
    agent.close().await.unwrap();
    let mut agent = Agent::open(&hub.endpoint()).await.unwrap();
    let clave = shared::secret::Clave::of_key(&key("sol"));
    let connect = Connect { username: "sol".into(), clave, version: None, os: None, epoch: Some("of a restored hub".into()) };
    agent.send(&ToHub::Connect(connect)).await.unwrap();
    agent.recv(SOON).await.unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().id.to_string(), open);
    assert!(agent.recv(MOMENT).await.is_err(), "what was dismissed stays dismissed");
}

#[tokio::test]
async fn states_never_go_back_and_late_receipts_keep_their_times() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let sent = hub.send_all("critical", "x").await;
    let alert = agent.alert(SOON).await.unwrap();
    agent.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    agent.receipt(alert.id, ReceiptState::Delivered).await.unwrap();
    agent.recv(SOON).await.unwrap();
    agent.recv(SOON).await.unwrap();
    let row = hub.delivery(&sent, "sol").await;
    assert_eq!(row["state"], "displayed");
    assert!(row["delivered_at"].is_string() && row["displayed_at"].is_string());
}

#[tokio::test]
async fn receipts_of_strangers_and_for_strange_alerts_change_nothing() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    let mut luna = hub.agent("luna").await;
    let sent = id(&hub.send(json!({"audience": {"kind": "private", "name": "sol"}, "text": "x"})).await);
    sol.alert(SOON).await.unwrap();
    luna.receipt(AlertId::parse(&sent).unwrap(), ReceiptState::Dismissed).await.unwrap();
    assert!(matches!(luna.recv(SOON).await.unwrap(), ToAgent::ReceiptsOk(_)), "confirmed, so that it is not repeated for ever");
    assert_eq!(hub.alert(&sent).await["counts"]["dismissed"], 0);
}

#[tokio::test]
async fn a_withdrawal_reaches_screens_and_suppresses_what_waits() {
    let hub = TestHub::start().await;
    hub.enrol(&["late"]).await;
    let mut shown = hub.agent("shown").await;
    let sent = hub.send_all("critical", "wrong lot").await;
    let alert = shown.alert(SOON).await.unwrap();
    shown.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    shown.recv(SOON).await.unwrap();
    let path = format!("/api/alerts/{sent}/withdraw");
    let withdrawn = hub.admin.post(&path, &json!({"reason": "wrong lot"})).await.unwrap().expect(200).unwrap();
    assert!(withdrawn["withdrawn_at"].is_string() && withdrawn["counts"]["withdrawn"] == 2, "{withdrawn}");
    assert!(
        matches!(shown.recv(SOON).await.unwrap(), ToAgent::Withdraw(w) if w.id == alert.id && w.reason.as_deref() == Some("wrong lot"))
    );
    // Repeated on each connection until the agent confirms it, and the alert itself never comes.
    for _ in 0..2 {
        let mut late = hub.connect("late").await;
        assert!(matches!(late.recv(SOON).await.unwrap(), ToAgent::Withdraw(w) if w.id == alert.id));
        assert!(late.recv(MOMENT).await.is_err());
        late.close().await.unwrap();
    }
    let mut late = hub.connect("late").await;
    late.recv(SOON).await.unwrap();
    late.receipt(alert.id, ReceiptState::Withdrawn).await.unwrap();
    late.recv(SOON).await.unwrap();
    late.close().await.unwrap();
    let mut late = hub.connect("late").await;
    assert!(late.recv(MOMENT).await.is_err(), "confirmed");
    hub.admin.post(&path, &json!({})).await.unwrap().expect(200).expect("a second time changes nothing");
}

#[tokio::test]
async fn an_alert_expires_by_the_hubs_clock_and_is_reported() {
    let hub = TestHub::start().await;
    hub.enrol(&["late"]).await;
    let mut seen = hub.agent("seen").await;
    let sent = id(&hub.send(json!({"audience": {"kind": "global"}, "text": "short", "expires_in_s": 60})).await);
    let alert = seen.alert(SOON).await.unwrap();
    assert!(alert.expires_in_s.is_some_and(|left| (58..=60).contains(&left)));
    seen.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    seen.recv(SOON).await.unwrap();
    hub.clock.advance(61_000);
    hub.until_state(&sent, "late", "expired").await;
    assert_eq!(hub.delivery(&sent, "seen").await["state"], "displayed", "what is on a screen stays");
    let mut late = hub.connect("late").await;
    assert!(late.recv(MOMENT).await.is_err());
    let log = std::fs::read_to_string(hub.data.path().join("logs/actions.log"));
    until("the log says so", async || {
        std::fs::read_to_string(hub.data.path().join("logs/actions.log")).is_ok_and(|text| text.contains("expired: 1 had not seen it"))
    })
    .await;
    drop(log);
}

#[tokio::test]
async fn a_slow_agent_is_dropped_and_catches_up() {
    let hub = TestHub::start().await;
    hub.enrol(&["slow"]).await;
    let slow = hub.connect("slow").await; // reads nothing
    let mut quick = hub.agent("quick").await;
    let long = "€".repeat(4_000);
    let reading = tokio::spawn(async move {
        for _ in 0..600 {
            quick.alert(SOON).await.expect("nobody waits for the slow one");
        }
    });
    for _ in 0..600 {
        hub.send_all("info", &long).await;
    }
    reading.await.unwrap();
    until("the slow one is offline", async || hub.get("/api/clients").await["online"] == 1).await;
    drop(slow);
    let mut back = hub.connect("slow").await;
    for _ in 0..600 {
        back.alert(SOON).await.unwrap();
    }
}

#[tokio::test]
async fn a_retry_with_the_same_key_gets_the_first_answer() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let body = json!({"audience": {"kind": "global"}, "text": "once"});
    let send = async || {
        let headers = [("idempotency-key", "draft-1")];
        hub.admin.request(hyper::Method::POST, "/api/alerts", &headers, Some(&body)).await.unwrap().expect(201).unwrap()
    };
    assert_eq!(id(&send().await), id(&send().await));
    agent.alert(SOON).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "one alert");
    hub.clock.advance(25 * 60 * 60 * 1_000);
    let tomorrow = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    let headers = [("idempotency-key", "draft-1")];
    tomorrow.request(hyper::Method::POST, "/api/alerts", &headers, Some(&body)).await.unwrap().expect(201).unwrap();
    assert_eq!(tomorrow.get("/api/alerts").await.unwrap().json()["total"], 2, "a day later it is another alert");
}

#[tokio::test]
async fn require_online_refuses_an_absent_branch() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let body = json!({"audience": {"kind": "private", "name": "sol"}, "text": "now or never", "require_online": true});
    let refused = hub.admin.post("/api/alerts", &body).await.unwrap().expect(409).unwrap();
    assert!(refused["detail"].as_str().unwrap().contains("sol"), "{refused}");
    assert_eq!(hub.get("/api/alerts").await["total"], 0);
    let _agent = hub.connect("sol").await;
    hub.admin.post("/api/alerts", &body).await.unwrap().expect(201).unwrap();
}
