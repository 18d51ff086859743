//! Who is let in, and why the others are not.

use std::time::{Duration, Instant};

use pregon_swarm::agent::Agent;
use pregon_swarm::panel::Panel;
use serde_json::json;
use shared::wire::to_agent::{Rejection, ToAgent};
use shared::wire::to_hub::ReceiptState;

use crate::harness::{MOMENT, SOON, TestHub, id, key, until};

async fn rejection(agent: &mut Agent) -> (Rejection, u16) {
    let frame = agent.recv(SOON).await.expect("a frame");
    let ToAgent::Rejected(rejected) = frame else { panic!("expected a rejection, not {frame:?}") };
    (rejected.reason, agent.close_code(SOON).await.expect("a close"))
}

#[tokio::test]
async fn an_agent_enrols_with_a_code_that_is_spent_then() {
    let hub = TestHub::start().await;
    let made = hub.admin.post("/api/enrolments", &json!({"name": "Farmacia Sol"})).await.unwrap().expect(201).unwrap();
    let code = made["code"].as_str().unwrap();
    let (mut agent, enrolled) = Agent::enrol(&hub.endpoint(), "farmacia sol", &code.to_lowercase()).await.unwrap();
    drop(agent.close().await);
    let (_agent, connected) = Agent::connect(&hub.endpoint(), "Farmacia Sol", &enrolled.key).await.unwrap();
    assert_eq!(connected.epoch, hub.app.hub.store.epoch());
    agent = Agent::open(&hub.endpoint()).await.unwrap();
    let again = json!({"action": "enrol", "username": "Farmacia Sol", "code": code});
    agent.send_text(&again.to_string()).await.unwrap();
    assert_eq!(rejection(&mut agent).await, (Rejection::BadCode, 4401));
}

#[tokio::test]
async fn a_code_for_one_name_dies_after_five_tries_with_others() {
    let hub = TestHub::start().await;
    let made = hub.admin.post("/api/enrolments", &json!({"name": "sol"})).await.unwrap().expect(201).unwrap();
    let code = made["code"].as_str().unwrap();
    for other in ["a", "b", "c", "d", "e"] {
        assert!(Agent::enrol(&hub.endpoint(), other, code).await.is_err());
    }
    assert!(Agent::enrol(&hub.endpoint(), "sol", code).await.is_err(), "the code is dead");
}

#[tokio::test]
async fn a_code_for_many_never_takes_over_a_name() {
    let hub = TestHub::start().await;
    let made = hub.admin.post("/api/enrolments", &json!({"uses": 2})).await.unwrap().expect(201).unwrap();
    let code = made["code"].as_str().unwrap();
    let (agent, _) = Agent::enrol(&hub.endpoint(), "sol", code).await.unwrap();
    drop(agent);
    let mut thief = Agent::open(&hub.endpoint()).await.unwrap();
    thief.send_text(&json!({"action": "enrol", "username": "S O L", "code": code}).to_string()).await.unwrap();
    assert_eq!(rejection(&mut thief).await, (Rejection::NameInUse, 4409));
    Agent::enrol(&hub.endpoint(), "luna", code).await.expect("the use was not lost");
}

#[tokio::test]
async fn each_bad_first_frame_has_its_reason_and_close_code() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol", "gone"]).await;
    hub.admin.delete("/api/clients/gone").await.unwrap().expect(204).unwrap();
    let clave = |name: &str| shared::secret::hex(shared::secret::Clave::of_key(&key(name)).as_bytes());
    let table = [
        (json!({"action": "connect", "username": "sol", "clave": clave("other")}), Rejection::WrongKey, 4401),
        (json!({"action": "connect", "username": "nobody", "clave": clave("sol")}), Rejection::UnknownClient, 4401),
        (json!({"action": "connect", "username": "gone", "clave": clave("gone")}), Rejection::Revoked, 4401),
        (json!({"action": "enrol", "username": "new", "code": "AAAA-BBBB-CCCC-DDDD"}), Rejection::BadCode, 4401),
        (json!({"action": "connect", "username": "sol", "clave": "12"}), Rejection::BadRequest, 4400),
        (json!({"action": "connect", "username": "\u{1}", "clave": clave("sol")}), Rejection::BadRequest, 4400),
        (json!({"action": "receipts", "items": []}), Rejection::BadRequest, 4400),
        (json!({"action": "dance"}), Rejection::BadRequest, 4400),
        (json!([1, 2]), Rejection::BadRequest, 4400),
    ];
    for (frame, reason, code) in table {
        let mut agent = Agent::open(&hub.endpoint()).await.unwrap();
        agent.send_text(&frame.to_string()).await.unwrap();
        assert_eq!(rejection(&mut agent).await, (reason, code), "{frame}");
    }
}

#[tokio::test]
async fn an_agent_of_the_old_kind_is_let_in() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let mut agent = Agent::open(&hub.endpoint()).await.unwrap();
    let clave = shared::secret::hex(shared::secret::Clave::of_key(&key("sol")).as_bytes()).to_uppercase();
    agent.send_text(&json!({"action": "connect", "username": "SOL", "key_hash": clave}).to_string()).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Connected(connected) if connected.username == "sol"));
}

#[tokio::test]
async fn whoever_says_nothing_is_sent_away() {
    let hub = TestHub::start().await;
    let mut agent = Agent::open(&hub.endpoint()).await.unwrap();
    let began = Instant::now();
    let frame = agent.recv(Duration::from_secs(15)).await.unwrap();
    assert!(matches!(frame, ToAgent::Rejected(rejected) if rejected.reason == Rejection::Timeout));
    assert_eq!(agent.close_code(SOON).await.unwrap(), 4400);
    assert!(began.elapsed() >= Duration::from_secs(9), "it had ten seconds");
}

#[tokio::test]
async fn a_live_name_is_kept_and_technicians_hear_who_tried() {
    let hub = TestHub::start().await;
    hub.enrol(&["Farmacia Sol"]).await;
    let mut first = hub.connect("Farmacia Sol").await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    // The first answers pings as long as somebody reads from it.
    let reading = tokio::spawn(async move {
        let heard = first.recv(SOON).await;
        (first, heard)
    });
    for spelling in ["Farmacia Sol", "FARMACIA  SOL", "FаrmaciaSol"] {
        let (mut second, answer) = Agent::knock(&hub.endpoint(), spelling, &key("Farmacia Sol")).await.unwrap();
        assert!(matches!(answer, ToAgent::Rejected(rejected) if rejected.reason == Rejection::NameInUse), "{spelling}");
        assert_eq!(second.close_code(SOON).await.unwrap(), 4409);
    }
    let notice = panel.next_of("security", SOON).await.unwrap();
    assert_eq!((notice["kind"].as_str(), notice["client"].as_str()), (Some("name_in_use"), Some("Farmacia Sol")));
    let sent = hub.send_all("critical", "still there").await;
    let (_first, heard) = reading.await.unwrap();
    assert!(matches!(heard.unwrap(), ToAgent::Alert(alert) if alert.id.to_string() == sent), "the first stays");
}

#[tokio::test]
async fn a_first_session_that_is_dead_is_replaced() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let dead = hub.connect("sol").await; // nobody reads from it, so nobody answers its pings
    let mut second = hub.connect("sol").await;
    let sent = hub.send_all("critical", "for the second").await;
    assert_eq!(second.alert(SOON).await.unwrap().id.to_string(), sent);
    drop(dead);
}

#[tokio::test]
async fn an_agent_silent_for_two_heartbeats_is_offline() {
    let hub = TestHub::with(&[("PREGON_AGENTS_HEARTBEAT_S", "1")]).await;
    let silent = hub.agent("silent").await;
    let mut lively = hub.agent("lively").await;
    let answering = tokio::spawn(async move { lively.recv(Duration::from_secs(6)).await });
    until("the silent one is offline", async || hub.get("/api/clients").await["online"] == 1).await;
    let history = hub.get("/api/clients/silent/connections").await;
    until("its end is noted", async || hub.get("/api/clients/silent/connections").await["connections"][0]["reason"] == "silent").await;
    assert!(history["connections"][0]["address"].is_string(), "{history}");
    hub.send_all("info", "for the lively one").await;
    assert!(matches!(answering.await.unwrap().unwrap(), ToAgent::Alert(_)));
    drop(silent);
}

#[tokio::test]
async fn a_revoked_client_is_out_within_a_second() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let waiting = hub.send_all("critical", "unseen").await;
    agent.alert(SOON).await.unwrap();
    let began = Instant::now();
    hub.admin.delete("/api/clients/sol").await.unwrap().expect(204).unwrap();
    assert_eq!(rejection(&mut agent).await, (Rejection::Revoked, 4401));
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(hub.delivery(&waiting, "sol").await["state"], "undeliverable");
    assert_eq!(hub.get("/api/clients").await["total"], 0);
}

#[tokio::test]
async fn whoever_is_revoked_while_it_is_let_in_does_not_stay() {
    let hub = TestHub::start().await;
    let mut held = Vec::new();
    for round in 0..20 {
        let name = format!("branch {round}");
        hub.enrol(&[&name]).await;
        let path = format!("/api/clients/branch%20{round}");
        let (secret, endpoint) = (key(&name), hub.endpoint());
        let (knocked, revoked) = tokio::join!(Agent::knock(&endpoint, &name, &secret), hub.admin.delete(&path));
        revoked.unwrap().expect(204).unwrap();
        held.push(knocked);
    }
    until("nobody is left", async || hub.get("/api/clients").await["online"] == 0).await;
    drop(held);
    let name = shared::Name::parse("branch 0").unwrap();
    let revoked = hub.app.hub.store.client_identity(&name).await.unwrap().unwrap();
    let arrival = pregon_hub::store::Arrival { address: "127.0.0.1".into(), version: None, os: None };
    let noted = hub.app.hub.store.open_connection(hub.clock.now(), revoked.id, arrival).await;
    assert!(matches!(noted, Err(pregon_hub::store::StoreError::Missing(_))), "{noted:?}");
}

#[tokio::test]
async fn bad_frames_of_a_known_agent_are_named_and_its_session_goes_on() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let too_many: Vec<_> =
        (0..101).map(|_| json!({"id": "01M7XZHSJSK9Q30NGR6WSTF7D1", "state": "delivered", "at": "2026-01-01T00:00:00Z"})).collect();
    let table = [
        (r#"{"action":"dance"}"#.to_owned(), "unknown_action", "dance"),
        ("nonsense".to_owned(), "invalid_frame", "JSON"),
        (r#"{"action":"receipts","items":[{"id":"x"}]}"#.to_owned(), "invalid_frame", "id"),
        (json!({"action": "receipts", "items": too_many}).to_string(), "invalid_frame", "101"),
        (r#"{"action":"message","text":" "}"#.to_owned(), "invalid_frame", "text"),
        (r#"{"action":"connect","username":"a","clave":"00"}"#.to_owned(), "invalid_frame", "hexadecimal"),
    ];
    for (frame, code, word) in table {
        agent.send_text(&frame).await.unwrap();
        let ToAgent::Error(error) = agent.recv(SOON).await.unwrap() else { panic!("{frame}") };
        assert_eq!(error.code, code, "{frame}");
        assert!(error.detail.unwrap().contains(word), "{frame}");
    }
    agent.send_binary(&[0, 159, 146, 150]).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Error(_)));
    hub.send_all("info", "still here").await;
    agent.alert(SOON).await.unwrap();
}

#[tokio::test]
async fn a_frame_beyond_its_limit_ends_that_session_alone() {
    let hub = TestHub::start().await;
    let mut hostile = hub.agent("hostile").await;
    let mut other = hub.agent("other").await;
    // The hub may close while the frame is still on its way.
    let _ = hostile.send_text(&"x".repeat(70_000)).await;
    assert!(hostile.recv(SOON).await.is_err());
    let sent = hub.send_all("info", "for the other").await;
    let alert = other.alert(SOON).await.unwrap();
    other.receipt(alert.id, ReceiptState::Delivered).await.unwrap();
    hub.until_state(&sent, "other", "delivered").await;
}

#[tokio::test]
async fn a_branch_can_write_but_not_flood() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    for number in 0..21 {
        agent.send_text(&json!({"action": "message", "text": format!("help {number}")}).to_string()).await.unwrap();
    }
    let message = panel.next_of("message", SOON).await.unwrap();
    assert_eq!((message["client"].as_str(), message["text"].as_str()), (Some("sol"), Some("help 0")));
    let ToAgent::Error(error) = agent.recv(SOON).await.unwrap() else { panic!("expected a limit") };
    assert_eq!(error.code, "rate_limited");
    assert!(agent.recv(MOMENT).await.is_err(), "the twenty before were taken without a word");
    let _ = id(&hub.send(json!({"audience": {"kind": "global"}, "text": "answer"})).await);
}
