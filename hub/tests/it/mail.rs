//! Mail: what is mailed, to whom, and what is written down about it.

use pregon_swarm::panel::Panel;
use serde_json::json;

use crate::harness::{SOON, TestHub};

#[tokio::test]
async fn a_hub_that_was_not_told_how_to_mail_says_so_for_each_event() {
    let hub = TestHub::start().await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    for severity in ["info", "warning", "error", "critical"] {
        let event = json!({"source": "fridge\r\nBcc: x@y", "severity": severity, "message": "warm"});
        hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    }
    let emails = hub.get("/api/emails?status=skipped").await;
    assert_eq!(emails["total"], 2, "{emails}");
    let newest = &emails["emails"][0];
    assert!(newest["detail"].as_str().unwrap().contains("smtp.host"), "{newest}");
    assert_eq!(hub.get("/api/stats").await["email"], json!({"sent": 0, "failed": 0, "skipped": 2}));
    let events = hub.get("/api/events").await;
    assert_eq!(events["email_logs"][0]["event_id"], events["events"][0]["id"]);
    let email = panel.next_of("email", SOON).await.unwrap();
    assert_eq!(email["status"], "skipped");
    assert!(hub.get("/api/emails?search=SMTP.host&limit=1").await["next_cursor"].is_string());
    assert_eq!(hub.get(&format!("/api/emails?event={}", newest["event_id"])).await["total"], 1);
}
