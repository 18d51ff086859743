//! kill -9 of the agent at any moment: nothing is lost, and nothing that was displayed comes again.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::hub::Hub;

const ALERTS: usize = 60;

#[tokio::test]
async fn killed_again_and_again_the_agent_loses_nothing_and_repeats_nothing_that_was_displayed() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let sending = async {
        let mut ids = Vec::new();
        for number in 0..ALERTS {
            ids.push(hub.send(json!({"text": number.to_string(), "severity": "warning"})).await);
        }
        ids
    };
    let living = async {
        let mut displayed = BTreeSet::new();
        let mut life = 0_u64;
        while displayed.len() < ALERTS {
            let mut agent = home.start_headless();
            // Ever longer lives, ended at odd moments.
            let end = tokio::time::Instant::now() + Duration::from_millis(120 + life * 37);
            life += 1;
            while let Ok(alert) = tokio::time::timeout_at(end, agent.next("alert")).await {
                let id = alert["id"].as_str().unwrap().to_owned();
                assert!(!displayed.contains(&id), "{id} was displayed before");
                agent.receipt(&alert, "displayed").await;
                // Only what the hub has been told counts as displayed: what was said in the last moment may come again.
                if hub.delivery(&id).await["state"] == "displayed" {
                    displayed.insert(id);
                }
            }
            agent.kill().await;
            for alert in hub.admin.get("/api/alerts?limit=200").await.unwrap().expect(200).unwrap()["alerts"].as_array().unwrap() {
                if alert["counts"]["displayed"] == 1 {
                    displayed.insert(alert["id"].as_str().unwrap().to_owned());
                }
            }
        }
        displayed
    };
    let (ids, displayed) = tokio::join!(sending, living);
    assert_eq!(displayed, ids.into_iter().collect());
}

#[tokio::test]
async fn an_alert_that_the_hub_holds_for_delivered_is_shown_after_a_crash_without_a_hub() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    let id = hub.send(json!({"text": "kept"})).await;
    agent.next("alert").await;
    hub.reaches(&id, "delivered").await;
    agent.kill().await;
    drop(hub);
    let mut agent = home.start_headless();
    assert_eq!(agent.next("alert").await["text"], "kept");
    agent.say(json!({"id": id, "state": "displayed"})).await;
    agent.say(json!({"id": "x", "state": "displayed"})).await;
    agent.next("error").await;
    agent.kill().await;
    assert_eq!(home.start_headless().texts_until_end().await, Vec::<String>::new(), "it was displayed");
}

#[tokio::test]
async fn a_pc_that_lost_its_disk_gets_everything_that_is_active_again() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    let id = hub.send(json!({"text": "still stands"})).await;
    let shown = agent.next("alert").await;
    agent.receipt(&shown, "displayed").await;
    hub.reaches(&id, "displayed").await;
    agent.kill().await;
    std::fs::remove_file(home.file("inbox.journal")).unwrap();
    let mut agent = home.start_headless();
    assert_eq!(agent.next("alert").await["text"], "still stands");
}
