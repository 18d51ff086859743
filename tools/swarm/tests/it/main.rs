//! The load generator against the real hub: what it counts is what the hub says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod sensors;

use std::time::{Duration, Instant};

use pregon_swarm::crowd::{self, Load};
use pregon_swarm::fleet::{self, Answers, Fleet};
use pregon_swarm::hub::Process;
use serde_json::{Value, json};

/// Waits until something is so, at most 10 s.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + pregon_swarm::PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_fleet_gets_an_alert_and_the_hub_knows_that_all_dismissed_it() {
    let hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    let members = fleet::members("branch", "test", 30);
    fleet::register(&admin, &members).await.unwrap();
    fleet::register(&admin, &members).await.expect("known members are no error");
    let fleet = Fleet::connect(&hub.endpoint().unwrap(), &members, Answers::All).await.unwrap();
    let alert = json!({"audience": {"kind": "global"}, "severity": "critical", "title": "Drill", "text": "To all"});
    let sent = admin.post("/api/alerts", &alert).await.unwrap().expect(201).unwrap();
    assert_eq!((sent["recipients"].as_u64(), sent["online"].as_array().map(Vec::len)), (Some(30), Some(30)));
    until("90 receipts confirmed", async || fleet.tally.confirmed() == 90).await;
    assert_eq!((fleet.tally.alerts(), fleet.tally.ended()), (30, 0));
    let path = format!("/api/alerts/{}", sent["id"].as_str().unwrap());
    let seen = admin.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(seen["counts"]["dismissed"], Value::from(30), "{seen}");
}

#[tokio::test]
async fn every_event_of_a_crowd_is_durable_and_counted() {
    let mut hub = Process::start().await.unwrap();
    let load = Load { connections: 7, depth: 16, count: 500, rate: None, is_calm: true };
    let outcome = crowd::run(hub.events(), load).await.unwrap();
    assert_eq!((outcome.durable, outcome.refused), (500, 0));
    hub.kill().unwrap();
    hub.restart().await.unwrap();
    let stats = hub.admin().await.unwrap().get("/api/stats").await.unwrap().expect(200).unwrap();
    assert_eq!(stats["total_events"], Value::from(500), "{stats}");
}

#[tokio::test]
async fn a_hub_stops_when_asked_and_comes_back_on_its_ports() {
    let mut hub = Process::start().await.unwrap();
    let before = hub.ready().clone();
    assert!(hub.stop().await.unwrap().success(), "{}", hub.output());
    assert!(!hub.data().join("ready.json").exists());
    hub.restart().await.unwrap();
    assert_eq!((hub.ready().https, hub.ready().events), (before.https, before.events));
}
