//! How the hub is used, counted by day; and what becomes of the counts when alerts are deleted.

use serde_json::{Value, json};
use shared::AlertId;
use shared::wire::to_hub::{Receipt, ReceiptState, Receipts, ToHub};

use crate::harness::{SOON, TestHub, id, until};

async fn seen(hub: &TestHub, agent: &mut pregon_swarm::agent::Agent, client: &str, alert: &str) {
    let got = agent.alert(SOON).await.unwrap();
    assert_eq!(got.id.to_string(), alert);
    agent.receipt(got.id, ReceiptState::Displayed).await.unwrap();
    hub.until_state(alert, client, "displayed").await;
}

#[tokio::test]
async fn alerts_are_counted_by_day_severity_and_sender_and_drills_are_not() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    hub.enrol(&["luna"]).await;
    let marta = hub.user("marta", "technician").await;
    let alert = hub.send_all("warning", "one").await;
    seen(&hub, &mut sol, "sol", &alert).await;
    marta.post("/api/alerts", &json!({"audience": {"kind": "global"}, "severity": "critical", "text": "two"})).await.unwrap();
    let drill = json!({"audience": {"kind": "global"}, "severity": "critical", "text": "not this", "drill": true});
    hub.send(drill).await;
    let found = hub.get("/api/statistics").await;
    assert_eq!((&found["alerts"], &found["severity"]), (&json!(2), &json!({"info": 0, "warning": 1, "error": 0, "critical": 1})));
    assert_eq!(found["senders"], json!([{"sender": "admin", "alerts": 1}, {"sender": "marta", "alerts": 1}]));
    assert_eq!(found["seen"], json!({"deliveries": 1, "median_s": 1, "p90_s": 1}));
    assert_eq!(found["slowest"], json!([{"client": "sol", "seen": {"deliveries": 1, "median_s": 1, "p90_s": 1}}]));
    let days = found["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[29]["severity"]["critical"], &days[0]["severity"]["critical"]), (30, &json!(1), &json!(0)));
    let users: Vec<&str> = found["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert_eq!(users, ["admin", "marta"], "people alone, the busiest first");
}

#[tokio::test]
async fn a_delivery_that_is_seen_twice_counts_once_and_at_its_first_time() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    let alert = hub.send_all("info", "look").await;
    let got = sol.alert(SOON).await.unwrap();
    hub.clock.advance(70_000);
    for state in [ReceiptState::Displayed, ReceiptState::Dismissed] {
        let item = Receipt { id: got.id, state, at: hub.clock.now(), reply: None, user: None };
        sol.send(&ToHub::Receipts(Receipts { items: vec![item] })).await.unwrap();
    }
    hub.until_state(&alert, "sol", "dismissed").await;
    let found = hub.get("/api/statistics").await;
    assert_eq!(found["seen"], json!({"deliveries": 1, "median_s": 75, "p90_s": 87}), "somewhere from 60 to 90 seconds");
}

#[tokio::test]
async fn a_range_that_is_none_is_refused_by_field() {
    let hub = TestHub::start().await;
    for (query, field) in [("from=2026-02-30", "from"), ("to=x%27--", "to"), ("from=2024-01-01&to=2026-01-01", "from")] {
        let problem = hub.admin.get(&format!("/api/statistics?{query}")).await.unwrap();
        assert_eq!((problem.status, &problem.json()["errors"][0]["field"]), (422, &json!(field)), "{query}");
    }
    let empty = hub.get("/api/statistics?from=2020-02-28&to=2020-03-01").await;
    assert_eq!((empty["alerts"].clone(), empty["days"].as_array().unwrap().len()), (json!(0), 3));
    assert_eq!(empty["seen"], json!({"deliveries": 0}));
    assert_eq!(empty["slowest"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn statistics_outlive_the_alerts_that_are_deleted() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    let alert = hub.send_all("info", "old").await;
    seen(&hub, &mut sol, "sol", &alert).await;
    let before = hub.get("/api/statistics").await;
    hub.admin.post(&format!("/api/alerts/{alert}/withdraw"), &json!({})).await.unwrap();
    sol.receipt(AlertId::parse(&alert).unwrap(), ReceiptState::Withdrawn).await.unwrap();
    until("the withdrawal is confirmed", async || {
        hub.app.hub.store.settled_alerts(hub.clock.now().plus_millis(1), 0).await.unwrap().len() == 1
    })
    .await;
    assert!(hub.app.hub.store.forget_alert(hub.clock.now(), 1).await.unwrap());
    assert_eq!(hub.admin.get(&format!("/api/alerts/{alert}")).await.unwrap().status, 404);
    let after = hub.get("/api/statistics").await;
    assert_eq!((&after["seen"], &after["alerts"], &after["slowest"]), (&before["seen"], &before["alerts"], &before["slowest"]));
    assert_eq!(id(&hub.send(json!({"audience": {"kind": "global"}, "text": "next"})).await).len(), 26);
}
