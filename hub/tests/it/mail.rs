//! Mail: what is mailed, to whom, and what is written down about it; with a server that is well, and with bad ones.

use pregon_swarm::panel::Panel;
use serde_json::{Value, json};

use crate::harness::{MOMENT, SOON, TestHub, until};
use crate::post::{Mood, PASS, PostOffice};

const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn report(hub: &TestHub, severity: &str, message: &str) -> i64 {
    let event = json!({"source": "fridge\r\nBcc: x@y", "severity": severity, "message": message});
    let answer = hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    answer["event_id"].as_i64().unwrap()
}

async fn emails(hub: &TestHub, status: &str) -> Vec<Value> {
    hub.get(&format!("/api/emails?status={status}")).await["emails"].as_array().unwrap().clone()
}

/// Waits for so many attempts that ended so; the newest first.
async fn until_emails(hub: &TestHub, status: &str, count: usize) -> Vec<Value> {
    until(&format!("{count} {status}"), async || emails(hub, status).await.len() >= count).await;
    emails(hub, status).await
}

#[tokio::test]
async fn a_hub_that_was_not_told_how_to_mail_says_so_for_each_event() {
    let hub = TestHub::start().await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    for severity in ["info", "warning", "error", "critical"] {
        report(&hub, severity, "warm").await;
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
    let test = hub.admin.post("/api/emails/test", &json!({"to": "a@b.example"})).await.unwrap().json();
    assert_eq!(test["status"], "skipped");
}

#[tokio::test]
async fn errors_and_criticals_are_mailed_encrypted_and_logged_in() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[("SMTP_TO", "it@example.org,night@example.org")]).await;
    report(&hub, "warning", "lukewarm").await;
    let event = report(&hub, "critical", "42 °C «ñ» \u{1f525} <b>").await;
    let mails = office.until(2).await;
    assert!(mails.iter().all(|mail| mail.is_encrypted && mail.is_logged_in), "{mails:?}");
    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["it@example.org", "night@example.org"]);
    let mail = &mails[0];
    assert!(mail.header("Subject").starts_with("=?utf-8?"), "{}", mail.header("Subject"));
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(!mail.text.lines().any(|line| line.starts_with("Bcc:")), "no header from a source: {}", mail.text);
    assert!(mail.text.contains("text/plain") && mail.text.contains("text/html"));
    let sent = until_emails(&hub, "sent", 2).await;
    assert_eq!(sent[0]["event_id"], event);
    assert!(sent[0]["detail"].as_str().unwrap().contains("queued as 4711"), "{}", sent[0]);
    assert_eq!(hub.get("/api/stats").await["email"]["sent"], 2);
}

#[tokio::test]
async fn what_the_server_refuses_is_tried_again_under_the_same_id_until_it_is_taken() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[]).await;
    office.turn(Mood::AfterData("451 4.3.0 come back later"));
    report(&hub, "error", "warm").await;
    let failed = until_emails(&hub, "failed", 1).await;
    assert!(failed[0]["detail"].as_str().unwrap().contains("4.3.0 come back later"), "{}", failed[0]);
    office.turn(Mood::Recipient("550 5.1.1 nobody here"));
    hub.clock.advance(29_000);
    tokio::time::sleep(MOMENT * 3).await;
    assert_eq!(emails(&hub, "failed").await.len(), 1, "not before its time");
    hub.clock.advance(1_100);
    let failed = until_emails(&hub, "failed", 2).await;
    assert!(failed[0]["detail"].as_str().unwrap().contains("nobody here"), "{}", failed[0]);
    office.turn(Mood::Good);
    hub.clock.advance(60_100);
    until_emails(&hub, "sent", 1).await;
    assert_eq!(office.mails().len(), 1);
    hub.clock.advance(HOUR_MS);
    tokio::time::sleep(MOMENT * 3).await;
    assert_eq!(office.mails().len(), 1, "what is taken is not sent again");
}

#[tokio::test]
async fn every_bad_server_is_a_failure_with_a_reason_and_nothing_waits_for_it() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[]).await;
    let table = [
        (Mood::NoStarttls, "offers no STARTTLS"),
        (Mood::Garbage, "error"),
        (Mood::Endless, ""),
        (Mood::Silent, "did not answer within 2 s"),
        (Mood::LogIn("535 5.7.8 no"), "the log-in was refused"),
    ];
    for (mood, words) in table {
        office.turn(mood.clone());
        let started = std::time::Instant::now();
        let test = hub.admin.post("/api/emails/test", &json!({})).await.unwrap().expect(200).unwrap();
        let detail = test["detail"].as_str().unwrap();
        assert!(test["status"] == "failed" && detail.contains(words), "{mood:?}: {test}");
        assert!(!detail.contains(PASS) && !detail.contains('\n'), "{detail}");
        assert!(started.elapsed() < SOON, "{mood:?}");
    }
    office.turn(Mood::Silent);
    let started = std::time::Instant::now();
    for number in 0..20 {
        report(&hub, "error", &format!("number {number}")).await;
    }
    assert!(started.elapsed() < SOON / 2, "events wait for no mail: {:?}", started.elapsed());
}

#[tokio::test]
async fn a_server_that_is_down_or_is_somebody_else_gets_nothing() {
    let office = PostOffice::open().await;
    let other = PostOffice::open().await;
    let ca = other.ca();
    let hub = office.hub(&[("PREGON_SMTP_CA", ca.to_str().unwrap())]).await;
    report(&hub, "error", "warm").await;
    let failed = until_emails(&hub, "failed", 1).await;
    assert!(failed[0]["detail"].as_str().unwrap().to_lowercase().contains("certificate"), "{}", failed[0]);
    assert!(office.mails().is_empty());

    let hub = office.hub(&[("SMTP_PORT", "1")]).await;
    report(&hub, "error", "warm").await;
    let failed = until_emails(&hub, "failed", 1).await;
    assert!(failed[0]["detail"].as_str().unwrap().contains("localhost:1"), "{}", failed[0]);
}

#[tokio::test]
async fn a_server_without_encryption_is_used_only_if_the_settings_say_so() {
    let office = PostOffice::open().await;
    office.turn(Mood::NoStarttls);
    let hub = office.hub(&[("PREGON_SMTP_SECURITY", "none"), ("PREGON_SMTP_LANGUAGE", "en")]).await;
    let test = hub.admin.post("/api/emails/test", &json!({"to": "boss@example.org"})).await.unwrap().expect(200).unwrap();
    assert_eq!((&test["status"], &test["recipient"]), (&json!("sent"), &json!("boss@example.org")), "{test}");
    let mail = &office.until(1).await[0];
    assert!(!mail.is_encrypted && mail.header("Subject") == "[INFORMATION] Test of mail", "{mail:?}");
    let wrong = hub.admin.post("/api/emails/test", &json!({"to": "a@b\r\nBcc: c@d"})).await.unwrap();
    assert_eq!((wrong.status, wrong.json()["errors"][0]["field"].as_str()), (422, Some("to")));
}

#[tokio::test]
async fn a_flood_of_events_is_a_few_mails_and_none_is_forgotten() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[]).await;
    let events: Vec<Value> = (0..200).map(|number| json!({"severity": "error", "message": format!("number {number}")})).collect();
    hub.admin.post("/api/events", &json!(events)).await.unwrap().expect(201).unwrap();
    office.until(20).await;
    hub.clock.advance(61_000);
    until("all are told", async || hub.get("/api/stats").await["email"]["sent"] == 200).await;
    let mails = office.mails();
    assert_eq!(mails.len(), 21, "twenty alone, the others together");
    let ids: std::collections::BTreeSet<String> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 21);
    assert!(mails.last().unwrap().header("Subject").contains("180 avisos"), "{}", mails.last().unwrap().header("Subject"));
}
