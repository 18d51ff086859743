//! Rules that follow alerts which people send: what comes when too few have seen one, and what ends it.

use hyper::Method;
use pregon_swarm::hub::Process;
use serde_json::{Value, json};
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ReceiptState;

use crate::harness::{MOMENT, SOON, TestHub, key, until};
use crate::post::PostOffice;

const MINUTE: i64 = 60_000;
/// Log-ins that outlive the hours of these tests.
const PATIENT: &[(&str, &str)] = &[("PREGON_AUTH_ADMIN_IDLE", "12h")];

/// A recall that too few have seen within five minutes is repeated, goes to `jefa` and by mail; after ten more, by mail again.
fn recall() -> Value {
    json!([{"name": "recall", "applies_to": "alerts", "match": {"severities": ["error", "critical"]}, "steps": [
        {"after_s": 300, "unless": "displayed", "share": 100, "remind": true, "note": "Not seen in time:",
         "then": {"screens": [{"kind": "private", "name": "jefa"}], "mail": ["boss@example.org"]}},
        {"after_s": 600, "unless": "dismissed", "share": 50, "then": {"mail": ["owner@example.org"]}},
    ]}])
}

/// An alert to the branches, `jefa` not among them.
async fn send(hub: &TestHub, more: Value) -> String {
    let mut alert = json!({"audience": [{"kind": "private", "name": "sol"}, {"kind": "private", "name": "mar"}],
        "severity": "error", "title": "Recall", "text": "lot 42"});
    for (name, value) in more.as_object().unwrap() {
        alert[name] = value.clone();
    }
    let sent = hub.admin.post("/api/alerts", &alert).await.unwrap().expect(201).unwrap();
    sent["id"].as_str().unwrap().to_owned()
}

async fn timeline(hub: &TestHub, id: &str) -> Vec<Value> {
    hub.get(&format!("/api/alerts/{id}")).await["timeline"].as_array().unwrap().clone()
}

async fn outcomes(hub: &TestHub) -> Vec<String> {
    let incidents = hub.incidents().await;
    let Some(incident) = incidents.first() else { return Vec::new() };
    incident["steps"].as_array().unwrap().iter().map(|step| format!("{} {}", step["number"], step["outcome"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn an_alert_that_too_few_have_seen_is_repeated_mailed_and_shown_to_others_and_its_timeline_says_so() {
    let office = PostOffice::open().await;
    let hub = office.hub(PATIENT).await;
    let (mut sol, mut mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    // A silence of everything is for sources, not for people.
    let end = shared::Timestamp::from_millis(hub.clock.now().as_millis() + 3_600_000).to_string();
    hub.admin.post("/api/silences", &json!({"reason": "works", "ends_at": end, "critical": true})).await.unwrap().expect(201).unwrap();
    let id = send(&hub, json!({})).await;
    let alert = sol.alert(SOON).await.unwrap();
    mar.alert(SOON).await.unwrap();
    sol.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    hub.until_state(&id, "sol", "displayed").await;
    hub.clock.advance(4 * MINUTE);
    assert!(jefa.recv(MOMENT).await.is_err(), "not yet");
    hub.clock.advance(MINUTE + 1);
    let copy = jefa.alert(SOON).await.unwrap();
    assert_eq!((copy.text.as_str(), copy.title.as_str(), copy.from.as_str()), ("Not seen in time:\n\nlot 42", "Recall", "admin"));
    assert!(matches!(mar.recv(SOON).await.unwrap(), ToAgent::Remind { .. }), "who has not seen it is reminded");
    let mail = office.until(1).await.remove(0);
    assert_eq!(mail.to, "boss@example.org");
    for words in ["Recall", "lot 42", "mar", "1 / 2"] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    let kinds: Vec<Value> = timeline(&hub, &id).await.iter().map(|moment| moment["kind"].clone()).collect();
    for kind in ["escalated_mail", "escalated_alert", "reminded"] {
        assert!(kinds.contains(&json!(kind)), "{kind}: {kinds:?}");
    }
    let told = timeline(&hub, &id).await.into_iter().find(|moment| moment["kind"] == "escalated_mail").unwrap();
    assert_eq!((&told["actor"], &told["reason"]), (&json!("recall"), &json!("boss@example.org")));
    // Half of them have not closed it; that `jefa` closes her copy tells nothing about them.
    jefa.receipt(copy.id, ReceiptState::Dismissed).await.unwrap();
    hub.until_state(&copy.id.to_string(), "jefa", "dismissed").await;
    hub.clock.advance(10 * MINUTE + 1);
    assert_eq!(office.until(2).await[1].to, "owner@example.org");
    let incident = hub.incidents().await.remove(0);
    assert_eq!(
        (&incident["about"], &incident["source"], &incident["alerts"]),
        (&json!(id), &json!("admin"), &json!([copy.id.to_string()]))
    );
    hub.clock.advance(60 * MINUTE);
    while let Ok(frame) = jefa.recv(MOMENT).await {
        assert!(matches!(frame, ToAgent::ReceiptsOk(_)), "each step once: {frame:?}");
    }
    assert_eq!(office.mails().len(), 2);
}

#[tokio::test]
async fn what_enough_have_closed_was_withdrawn_or_has_expired_is_escalated_no_more() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, mut mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    let closed = send(&hub, json!({})).await;
    for agent in [&mut sol, &mut mar] {
        let alert = agent.alert(SOON).await.unwrap();
        agent.receipt(alert.id, ReceiptState::Dismissed).await.unwrap();
    }
    hub.until_state(&closed, "sol", "dismissed").await;
    hub.until_state(&closed, "mar", "dismissed").await;
    hub.clock.advance(5 * MINUTE + 1);
    until("everybody has closed it", async || outcomes(&hub).await == ["1 seen"]).await;
    let withdrawn = send(&hub, json!({})).await;
    hub.admin.post(&format!("/api/alerts/{withdrawn}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    hub.clock.advance(5 * MINUTE + 1);
    until("it was withdrawn", async || outcomes(&hub).await == ["1 withdrawn"]).await;
    send(&hub, json!({"expires_in_s": 60})).await;
    hub.clock.advance(5 * MINUTE + 1);
    until("it has expired", async || outcomes(&hub).await == ["1 expired"]).await;
    send(&hub, json!({"severity": "info"})).await;
    assert_eq!(hub.incidents().await.len(), 3, "no rule follows this one");
    assert!(jefa.recv(MOMENT).await.is_err());
}

#[tokio::test]
async fn a_drill_reminds_and_reaches_screens_as_a_drill_and_never_leaves_the_hub() {
    let office = PostOffice::open().await;
    let hub = office.hub(PATIENT).await;
    let (mut sol, _mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    let id = send(&hub, json!({"drill": true})).await;
    assert!(sol.alert(SOON).await.unwrap().drill);
    hub.clock.advance(5 * MINUTE + 1);
    assert!(jefa.alert(SOON).await.unwrap().drill);
    assert!(matches!(sol.recv(SOON).await.unwrap(), ToAgent::Remind { .. }));
    hub.clock.advance(10 * MINUTE + 1);
    until("both steps are taken", async || outcomes(&hub).await == ["1 done", "2 done"]).await;
    assert!(timeline(&hub, &id).await.iter().all(|moment| moment["kind"] != "escalated_mail"));
    assert_eq!(hub.get("/api/emails").await["total"], 0);
    assert!(office.mails().is_empty());
}

#[tokio::test]
async fn a_correction_is_followed_in_its_place_and_a_withdrawal_takes_the_copies_along() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, _mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    let first = send(&hub, json!({"severity": "info"})).await;
    let amend = async |id: &str, change: Value| {
        let amended = hub.admin.post(&format!("/api/alerts/{id}/amend"), &change).await.unwrap().expect(201).unwrap();
        amended["id"].as_str().unwrap().to_owned()
    };
    let second = amend(&first, json!({"severity": "error"})).await;
    assert_eq!(hub.incidents().await[0]["about"], json!(second), "graver now, a rule follows it");
    hub.clock.advance(2 * MINUTE);
    let third = amend(&second, json!({"text": "lot 43"})).await;
    hub.clock.advance(3 * MINUTE + 1);
    assert_eq!(jefa.alert(SOON).await.unwrap().text, "Not seen in time:\n\nlot 43", "five minutes after it began");
    assert_eq!(hub.incidents().await.len(), 1);
    let fourth = amend(&third, json!({"text": "lot 44"})).await;
    assert_eq!(jefa.alert(SOON).await.unwrap().text, "Not seen in time:\n\nlot 44");
    assert!(matches!(jefa.recv(SOON).await.unwrap(), ToAgent::Withdraw(_)));
    hub.admin.post(&format!("/api/alerts/{fourth}/withdraw"), &json!({"reason": "false alarm"})).await.unwrap().expect(200).unwrap();
    assert!(matches!(jefa.recv(SOON).await.unwrap(), ToAgent::Withdraw(_)), "the copy, too");
    hub.clock.advance(60 * MINUTE);
    until("over", async || outcomes(&hub).await == ["1 done", "2 withdrawn"]).await;
    while let Ok(frame) = sol.recv(MOMENT).await {
        assert!(!matches!(&frame, ToAgent::Alert(alert) if alert.text.starts_with("Not seen")), "{frame:?}");
    }
}

#[tokio::test]
async fn a_planned_alert_is_followed_from_its_sending_on_and_a_retry_only_once() {
    let hub = TestHub::with(PATIENT).await;
    let (_sol, _mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    let at = shared::Timestamp::from_millis(hub.clock.now().as_millis() + 10 * MINUTE).to_string();
    send(&hub, json!({"send_at": at})).await;
    assert!(hub.incidents().await.is_empty());
    hub.clock.advance(10 * MINUTE + 1);
    until("it was sent", async || hub.incidents().await.len() == 1).await;
    hub.clock.advance(5 * MINUTE + 1);
    jefa.alert(SOON).await.unwrap();
    let alert = json!({"audience": {"kind": "global"}, "severity": "critical", "text": "once"});
    for _ in 0..2 {
        hub.admin.request(Method::POST, "/api/alerts", &[("idempotency-key", "k")], Some(&alert)).await.unwrap().expect(201).unwrap();
    }
    assert_eq!(hub.incidents().await.len(), 2);
}

#[tokio::test]
async fn a_dry_run_says_which_rule_follows_an_alert_and_bad_rules_are_refused() {
    let hub = TestHub::start().await;
    let ask = async |alert: Value| hub.admin.post("/api/rules/dry-run", &json!({"alert": alert, "rules": recall()})).await.unwrap();
    let said = ask(json!({"from": "ana", "severity": "critical", "audience": [{"kind": "global"}]})).await.expect(200).unwrap();
    assert_eq!((&said["outcome"], &said["effects"][0]["steps"][0]["after_s"]), (&json!("follows"), &json!(300)));
    let said = ask(json!({"from": "ana", "audience": [{"kind": "global"}]})).await.expect(200).unwrap();
    assert_eq!((&said["outcome"], &said["asked"][0]["reason"]), (&json!("recorded"), &json!("severity")));
    for (body, field) in [(json!({}), "event"), (json!({"event": {"source": "s"}, "alert": {"from": "a", "audience": []}}), "alert")] {
        let refused = hub.admin.post("/api/rules/dry-run", &body).await.unwrap();
        assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!(field)));
    }
    let wrong = json!({"rules": [{"name": "w", "applies_to": "alerts", "then": {"mail": ["default"]}}]});
    let refused = hub.admin.put("/api/rules", &wrong).await.unwrap();
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!("rules[0].then")));
    let unknown = hub.admin.put("/api/rules", &json!({"rules": [{"name": "w", "applies_to": "people"}]})).await.unwrap();
    assert_eq!(unknown.status, 422);
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_escalates_no_alert_of_people() {
    let hub = TestHub::with(PATIENT).await;
    let (_sol, _mar, mut jefa) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("jefa").await);
    hub.rules(recall()).await;
    send(&hub, json!({})).await;
    for jump in [24 * 60 * MINUTE, -24 * 60 * MINUTE] {
        hub.clock.jump(jump);
        assert!(jefa.recv(std::time::Duration::from_millis(2_500)).await.is_err(), "nobody waited for five minutes");
    }
    hub.clock.advance(5 * MINUTE + 1);
    jefa.alert(SOON).await.expect("the step is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_while_alerts_of_people_are_escalated_loses_no_step_and_takes_none_twice() {
    const ALERTS: i64 = 20;
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    for name in ["sol", "mar"] {
        admin.post("/api/clients", &json!({"name": name, "secret": key(name)})).await.unwrap().expect(201).unwrap();
    }
    let to = |name: &str| json!({"screens": [{"kind": "private", "name": name}]});
    let step = |name: &str| json!({"after_s": 1, "unless": "displayed", "then": to(name)});
    let set = json!({"rules": [{"name": "quick", "applies_to": "alerts", "steps": [step("mar"), step("mar")]}]});
    admin.put("/api/rules", &set).await.unwrap().expect(200).unwrap();
    for number in 0..ALERTS {
        let alert = json!({"audience": {"kind": "private", "name": "sol"}, "text": format!("m{number}")});
        admin.post("/api/alerts", &alert).await.unwrap().expect(201).unwrap();
    }
    for round in 0..4_u64 {
        tokio::time::sleep(std::time::Duration::from_millis(350 + 170 * round)).await;
        hub.kill().unwrap();
        hub.restart().await.unwrap();
    }
    let database = hub.data().join("pregon.db");
    let count = |sql: &str| {
        let database = rusqlite::Connection::open(&database).unwrap();
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    until("every step is taken", async || count("select count(*) from escalations where state = 'done'") == 2 * ALERTS).await;
    assert_eq!(count("select count(*) from alerts"), 3 * ALERTS, "the alert and its two copies, none twice");
    assert_eq!(count("select count(*) from alert_timeline where kind = 'escalated_alert'"), 2 * ALERTS);
}
