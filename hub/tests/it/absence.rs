//! Important clients: technicians hear once that one is gone too long and once that it is back, whatever hub and clock do.

use serde_json::{Value, json};

use crate::harness::{MOMENT, TestHub, until};

const MINUTE: i64 = 60_000;
/// Log-ins that outlive the hours of these tests.
const PATIENT: &[(&str, &str)] = &[("PREGON_AUTH_ADMIN_IDLE", "12h")];

async fn act(hub: &TestHub, request: Value) -> Value {
    hub.admin.post("/api/client-actions", &request).await.unwrap().expect(200).unwrap()
}

async fn important(hub: &TestHub, names: &[&str], after_s: Option<u32>) {
    act(hub, json!({"action": {"kind": "important", "after_s": after_s}, "names": names})).await;
}

/// What the hub said about clients that are gone or back, oldest first.
async fn said(hub: &TestHub) -> Vec<String> {
    let events = hub.get("/api/events?limit=100").await;
    let all = events["events"].as_array().unwrap().iter();
    let mut about: Vec<String> = all
        .filter(|event| event["raw_payload"]["dedup_key"].to_string().contains("client-gone:"))
        .map(|event| format!("{} {}", event["severity"].as_str().unwrap(), event["message"].as_str().unwrap()))
        .collect();
    about.reverse();
    about
}

async fn gone_noticed(hub: &TestHub, name: &str) -> bool {
    hub.get(&format!("/api/clients/{name}")).await["gone_noticed_at"].is_string()
}

#[tokio::test]
async fn technicians_hear_once_that_an_important_client_is_gone_and_once_that_it_is_back() {
    let hub = TestHub::with(PATIENT).await;
    let (sol, luna) = (hub.agent("sol").await, hub.agent("luna").await);
    important(&hub, &["sol"], Some(600)).await;
    hub.clock.advance(60 * MINUTE);
    sol.close().await.unwrap();
    luna.close().await.unwrap();
    until("both are away", async || hub.get("/api/clients").await["online"] == 0).await;
    hub.clock.advance(9 * MINUTE);
    tokio::time::sleep(MOMENT * 8).await;
    assert_eq!(said(&hub).await, [""; 0], "not yet");
    hub.clock.advance(MINUTE + 5_000);
    until("technicians know", async || gone_noticed(&hub, "sol").await).await;
    assert_eq!(said(&hub).await, ["error sol: not connected for 10 min"]);
    hub.clock.advance(60 * MINUTE);
    tokio::time::sleep(MOMENT * 8).await;
    assert_eq!(said(&hub).await.len(), 1, "once, and nothing of the other");
    let _sol = hub.connect("sol").await;
    until("it is back", async || !gone_noticed(&hub, "sol").await).await;
    assert_eq!(said(&hub).await.last().unwrap(), "info sol: connected again");
    assert_eq!(hub.get("/api/clients?filter=important").await["total"], 1);
}

#[tokio::test]
async fn a_client_that_is_important_no_longer_or_revoked_is_missed_no_more() {
    let hub = TestHub::with(PATIENT).await;
    for name in ["sol", "luna"] {
        hub.agent(name).await.close().await.unwrap();
    }
    until("both are away", async || hub.get("/api/clients").await["online"] == 0).await;
    important(&hub, &["sol", "luna"], Some(60)).await;
    hub.clock.advance(6 * MINUTE);
    until("both are missed", async || gone_noticed(&hub, "sol").await && gone_noticed(&hub, "luna").await).await;
    important(&hub, &["sol"], None).await;
    hub.admin.delete("/api/clients/luna").await.unwrap().expect(204).unwrap();
    until("both incidents are over", async || said(&hub).await.len() == 4).await;
    assert!(said(&hub).await.iter().skip(2).all(|event| event.ends_with("no longer watched")));
}

#[tokio::test]
async fn a_clock_that_jumps_makes_nobody_gone_and_hides_nobody_who_is() {
    let hub = TestHub::with(PATIENT).await;
    let _luna = hub.agent("luna").await;
    hub.agent("sol").await.close().await.unwrap();
    until("sol is away", async || hub.get("/api/clients").await["online"] == 1).await;
    important(&hub, &["sol", "luna"], Some(3_600)).await;
    hub.clock.advance(6 * MINUTE);
    // The hub looks every two seconds: it has seen who is gone when the clock jumps.
    tokio::time::sleep(MOMENT * 8).await;
    for jump in [24 * 60 * MINUTE, -48 * 60 * MINUTE, 30 * MINUTE, 5 * 60 * MINUTE] {
        hub.clock.jump(jump);
        until("the hub has followed", async || hub.clock.jumped().is_none()).await;
        tokio::time::sleep(MOMENT * 8).await;
    }
    assert_eq!(said(&hub).await, [""; 0], "six minutes are no hour");
    hub.clock.advance(55 * MINUTE);
    until("it is missed", async || gone_noticed(&hub, "sol").await).await;
    assert_eq!(said(&hub).await, ["error sol: not connected for 1 h 1 min"]);
}

#[tokio::test]
async fn a_restart_of_the_hub_misses_nobody_who_was_there_and_tells_nothing_twice() {
    let hub = TestHub::with(PATIENT).await;
    let (_sol, _luna) = (hub.agent("sol").await, hub.agent("luna").await);
    important(&hub, &["sol", "luna"], Some(60)).await;
    let hub = hub.restarted(180 * MINUTE, PATIENT).await;
    hub.clock.advance(4 * MINUTE);
    tokio::time::sleep(MOMENT * 8).await;
    assert_eq!(said(&hub).await, [""; 0], "the hub was away for three hours, not they");
    let _sol = hub.connect("sol").await;
    hub.clock.advance(2 * MINUTE);
    until("who did not return is missed", async || gone_noticed(&hub, "luna").await).await;
    assert_eq!(said(&hub).await, ["error luna: not connected for 6 min"]);
    let hub = hub.restarted(60 * MINUTE, PATIENT).await;
    let _sol = hub.connect("sol").await;
    hub.clock.advance(10 * MINUTE);
    tokio::time::sleep(MOMENT * 8).await;
    assert_eq!(said(&hub).await.len(), 1, "it was told before");
    let _luna = hub.connect("luna").await;
    until("it is back", async || !gone_noticed(&hub, "luna").await).await;
    assert_eq!(said(&hub).await.last().unwrap(), "info luna: connected again");
}

#[tokio::test]
async fn one_action_on_many_clients_is_done_with_all_or_with_none() {
    let hub = TestHub::start().await;
    hub.enrol(&["a1", "a2", "a3", "b1"]).await;
    let mut a1 = hub.connect("a1").await;
    let some = act(&hub, json!({"action": {"kind": "add_to_group", "group": "Norte"}, "names": ["A1", "a1", "b1", "nobody"]})).await;
    assert_eq!(some, json!({"changed": 2, "missing": ["nobody"]}));
    act(&hub, json!({"action": {"kind": "add_to_group", "group": "NORTE"}, "matching": {"search": "a"}})).await;
    let group = hub.get("/api/groups/norte").await;
    assert_eq!(
        (&group["name"], &group["connected"], &group["disconnected"]),
        (&json!("Norte"), &json!(["a1"]), &json!(["a2", "a3", "b1"]))
    );
    let revoke = |count: usize| json!({"action": {"kind": "revoke"}, "matching": {"search": "a"}, "count": count});
    assert_eq!(hub.admin.post("/api/client-actions", &revoke(2)).await.unwrap().status, 409, "somebody counted two");
    assert_eq!(hub.get("/api/clients").await["total"], 4, "nothing half done");
    assert_eq!(act(&hub, revoke(3)).await["changed"], 3);
    assert_eq!(a1.close_code(crate::harness::SOON).await.unwrap(), 4401);
    assert_eq!(hub.get("/api/clients").await["total"], 1);
    let log = hub.get("/api/logs/actions?text=revoked").await;
    assert_eq!(log["actions"][0]["detail"], "revoked: a1, a2, a3");
}

#[tokio::test]
async fn an_action_that_makes_no_sense_is_refused_by_its_field() {
    let hub = TestHub::start().await;
    hub.enrol(&["a"]).await;
    let names = || json!(["a"]);
    let table = [
        (json!({"action": {"kind": "revoke"}, "names": names()}), "count"),
        (json!({"action": {"kind": "revoke"}, "count": 1}), "names"),
        (json!({"action": {"kind": "revoke"}, "names": names(), "matching": {}, "count": 1}), "names"),
        (json!({"action": {"kind": "revoke"}, "names": [], "count": 0}), "names"),
        (json!({"action": {"kind": "revoke"}, "names": ["a", "\u{0}"], "count": 2}), "names[1]"),
        (json!({"action": {"kind": "important", "after_s": 59}, "names": names()}), "action.after_s"),
        (json!({"action": {"kind": "important", "after_s": 99_999_999}, "names": names()}), "action.after_s"),
        (json!({"action": {"kind": "add_to_group", "group": " "}, "names": names()}), "action.group"),
        (json!({"action": {"kind": "add_to_group", "group": "export"}, "names": names()}), "action.group"),
        (json!({"action": {"kind": "revoke"}, "matching": {"silent_days": 0}, "count": 1}), "silent_days"),
    ];
    for (request, field) in table {
        let answer = hub.admin.post("/api/client-actions", &request).await.unwrap();
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{request}");
    }
    assert_eq!(hub.admin.post("/api/client-actions", &json!({"action": {"kind": "explode"}})).await.unwrap().status, 422);
    assert_eq!(hub.get("/api/clients").await["total"], 1);
}
