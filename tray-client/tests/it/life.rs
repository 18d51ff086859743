//! Alerts over their life at a real agent: corrected in place, reminded of, answered freely.

use serde_json::json;

use super::hub::Hub;

#[tokio::test]
async fn a_corrected_alert_is_shown_before_the_old_one_goes_and_the_old_one_never_returns() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    let old = hub.send(json!({"text": "Lot 42"})).await;
    let shown = agent.next("alert").await;
    agent.receipt(&shown, "displayed").await;
    hub.reaches(&old, "displayed").await;
    let path = format!("/api/alerts/{old}/amend");
    let new = hub.admin.post(&path, &json!({"text": "Lot 43"})).await.unwrap().expect(201).unwrap();
    let corrected = agent.next("alert").await;
    assert_eq!((&corrected["id"], &corrected["replaces"], &corrected["text"]), (&new["id"], &json!(old), &json!("Lot 43")));
    assert_eq!(agent.next("withdraw").await["id"], json!(old));
    hub.reaches(new["id"].as_str().unwrap(), "delivered").await;
    agent.kill().await;
    let mut agent = home.start_headless();
    assert_eq!(agent.next("alert").await["text"], "Lot 43");
    assert_eq!(agent.texts_until_end().await, Vec::<String>::new(), "the old one is over");
}

#[tokio::test]
async fn a_reminder_is_passed_on_and_a_free_reply_comes_back() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    let id = hub.send(json!({"text": "How many?", "free_reply": true})).await;
    let shown = agent.next("alert").await;
    assert_eq!(shown["free_reply"], true);
    hub.reaches(&id, "delivered").await;
    let reminded = hub.admin.post(&format!("/api/alerts/{id}/remind"), &json!({})).await.unwrap().expect(200).unwrap();
    assert_eq!(reminded, json!({"reminded": 1, "offline": 0}));
    assert_eq!(agent.next("remind").await["id"], json!(id));
    agent.say(json!({"id": id, "state": "dismissed", "reply": "Two boxes"})).await;
    assert_eq!(hub.reaches(&id, "dismissed").await["reply"], "Two boxes");
}
