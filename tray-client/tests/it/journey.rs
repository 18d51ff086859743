//! The way of an alert from the technician to the branch and back, over the real hub.

use serde_json::json;

use super::agent::Home;
use super::eventually;
use super::hub::Hub;

#[tokio::test]
async fn an_alert_is_delivered_displayed_and_dismissed_with_a_reply() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    agent.connected().await;
    let id = hub.send(json!({"title": "Recall", "text": "Lot 42", "severity": "error", "replies": ["Done"]})).await;
    let shown = agent.next("alert").await;
    let expected = json!([id, "error", "Recall", "Lot 42", {"kind": "global"}, ["Done"]]);
    let fields = ["id", "severity", "title", "text", "audience", "replies"].map(|field| shown[field].clone());
    assert_eq!(json!(fields), expected);
    hub.reaches(&id, "delivered").await;
    agent.receipt(&shown, "displayed").await;
    hub.reaches(&id, "displayed").await;
    agent.say(json!({"id": id, "state": "dismissed", "reply": "Done"})).await;
    let delivery = hub.reaches(&id, "dismissed").await;
    assert_eq!(delivery["reply"], "Done");
    eventually("the agent owes nothing", async || confirms(&home, "dismissed").then_some(())).await;
    assert_eq!(agent.lines_until_end().await.iter().filter(|line| line["type"] == "withdraw").count(), 0, "nobody took it back");
}

#[tokio::test]
async fn what_was_sent_to_a_branch_that_was_away_arrives_once_and_severest_first() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    hub.send(json!({"text": "first", "severity": "info"})).await;
    hub.send(json!({"text": "second", "severity": "critical"})).await;
    let mut agent = home.start_headless();
    let texts = [agent.next("alert").await, agent.next("alert").await].map(|alert| alert["text"].clone());
    assert_eq!(texts, ["second", "first"]);
}

#[tokio::test]
async fn a_withdrawn_alert_leaves_the_screen_and_never_comes_to_who_was_away() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    let shown = hub.send(json!({"text": "shown"})).await;
    agent.next("alert").await;
    hub.reaches(&shown, "delivered").await;
    hub.withdraw(&shown).await;
    assert_eq!(agent.next("withdraw").await["id"], shown);
    eventually("the hub has the receipt of the withdrawal", async || confirms(&home, "withdrawn").then_some(())).await;
    agent.kill().await;

    let unseen = hub.send(json!({"text": "unseen"})).await;
    hub.withdraw(&unseen).await;
    hub.send(json!({"text": "after"})).await;
    let mut agent = home.start_headless();
    assert_eq!(agent.next("alert").await["text"], "after");
    assert_eq!(agent.texts_until_end().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_branch_writes_to_the_technicians_and_hears_what_became_of_it() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut panel = pregon_swarm::panel::Panel::open(&hub.process.endpoint().unwrap(), hub.admin.token().unwrap()).await.unwrap();
    let mut agent = home.start_headless();
    agent.connected().await;
    agent.say(json!({"message": "the till is on fire"})).await;
    let queued = agent.next("message").await;
    assert_eq!(queued["state"], "queued");
    assert_eq!(agent.next("message").await, json!({"type": "message", "id": queued["id"], "state": "sent"}));
    let message = panel.next_of("message", crate::PATIENCE).await.unwrap();
    assert_eq!((&message["client"], &message["text"]), (&"Sol".into(), &"the till is on fire".into()));
    agent.say(json!({"id": "nonsense", "state": "displayed"})).await;
    assert!(agent.next("error").await["detail"].as_str().unwrap().contains("expected"));
    agent.say(json!({"message": "x".repeat(1_001)})).await;
    assert!(agent.next("error").await["detail"].as_str().unwrap().contains("at most 1000"));
}

#[tokio::test]
async fn the_agent_finds_a_restarted_hub_by_itself() {
    let mut hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    agent.connected().await;
    hub.process.kill().unwrap();
    while agent.next("status").await["connected"] == true {}
    hub.process.restart().await.unwrap();
    agent.connected().await;
    hub.process.stop().await.unwrap();
    while !agent.next("status").await["detail"].as_str().unwrap().contains("restarting") {}
    hub.process.restart().await.unwrap();
    agent.connected().await;
    eventually("status follows", async || home.status().await.0.then_some(())).await;
}

/// Whether the agent has noted that the hub has a receipt of that state.
fn confirms(home: &Home, state: &str) -> bool {
    home.read("inbox.journal").lines().any(|line| line.contains("\"record\":\"confirmed\"") && line.contains(state))
}
