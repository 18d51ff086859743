//! Alerts over their life: corrected, reminded of, answered freely, expired unseen.

use pregon_swarm::agent::Agent;
use pregon_swarm::http::Reply;
use serde_json::{Value, json};
use shared::AlertId;
use shared::wire::to_agent::{Alert, ToAgent};
use shared::wire::to_hub::{Receipt, ReceiptState, Receipts, ToHub};

use crate::harness::{MOMENT, SOON, TestHub, id, until};

async fn amend(hub: &TestHub, alert: &str, change: Value) -> Reply {
    hub.admin.post(&format!("/api/alerts/{alert}/amend"), &change).await.unwrap()
}

async fn remind(hub: &TestHub, alert: &str) -> Reply {
    hub.admin.post(&format!("/api/alerts/{alert}/remind"), &json!({})).await.unwrap()
}

async fn receipt(agent: &mut Agent, alert: &Alert, state: ReceiptState) {
    agent.receipt(alert.id, state).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::ReceiptsOk(_)));
}

fn kinds(alert: &Value) -> Vec<&str> {
    alert["timeline"].as_array().unwrap().iter().map(|moment| moment["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_corrected_alert_takes_the_place_of_the_old_one_everywhere() {
    let hub = TestHub::start().await;
    hub.enrol(&["late"]).await;
    let (mut shown, mut closed) = (hub.agent("shown").await, hub.agent("closed").await);
    let body = json!({"audience": {"kind": "global"}, "severity": "warning", "title": "Retirada", "text": "Lote 42", "replies": ["Hecho"], "drill": true, "expires_in_s": 600});
    let old = id(&hub.send(body).await);
    let first = shown.alert(SOON).await.unwrap();
    receipt(&mut shown, &first, ReceiptState::Displayed).await;
    let first = closed.alert(SOON).await.unwrap();
    receipt(&mut closed, &first, ReceiptState::Dismissed).await;
    hub.clock.advance(60_000);

    let amended = amend(&hub, &old, json!({"text": "Lote 43", "reason": "número equivocado"})).await.expect(201).unwrap();
    let new = id(&amended);
    assert_eq!(amended["recipients"], 3, "who has closed the wrong one must hear of it too");
    let frame = shown.alert(SOON).await.unwrap();
    assert_eq!((frame.id.to_string(), frame.replaces, frame.text.as_str()), (new.clone(), Some(first.id), "Lote 43"));
    assert_eq!((frame.title.as_str(), frame.replies.clone(), frame.drill), ("Retirada", vec!["Hecho".to_owned()], true));
    assert!(frame.expires_in_s.is_some_and(|left| (598..=600).contains(&left)), "as long as the old one had: {:?}", frame.expires_in_s);
    assert!(matches!(shown.recv(SOON).await.unwrap(), ToAgent::Withdraw(old) if old.id == first.id), "after its successor");
    assert_eq!(closed.alert(SOON).await.unwrap().id, frame.id);
    assert!(closed.recv(MOMENT).await.is_err(), "what was closed need not be withdrawn");
    let mut late = hub.connect("late").await;
    assert!(matches!(late.recv(SOON).await.unwrap(), ToAgent::Withdraw(old) if old.id == first.id));
    assert_eq!(late.alert(SOON).await.unwrap().text, "Lote 43", "and the old one never comes");

    let (old, new) = (hub.alert(&old).await, hub.alert(&new).await);
    assert_eq!((&old["replaced_by"], &new["replaces"]), (&new["id"], &old["id"]));
    assert_eq!((kinds(&old), kinds(&new)), (vec!["sent", "amended"], vec!["corrects"]));
    let moment = &old["timeline"][1];
    assert_eq!((&moment["actor"], &moment["reason"], &moment["other"]), (&json!("admin"), &json!("número equivocado"), &new["id"]));
    assert_eq!((&old["counts"]["withdrawn"], &old["counts"]["dismissed"]), (&json!(2), &json!(1)), "states only move forward");
}

#[tokio::test]
async fn a_correction_that_makes_no_sense_is_refused_and_changes_nothing() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let alert = hub.send_all("info", "x").await;
    agent.alert(SOON).await.unwrap();
    let table = [
        (json!({}), "text"),
        (json!({"text": "x", "severity": "info"}), "text"),
        (json!({"text": " \u{7} "}), "text"),
        (json!({"text": "y", "title": "t".repeat(121)}), "title"),
        (json!({"text": "y", "reason": "r".repeat(201)}), "reason"),
        (json!({"text": "y", "expires_in_s": 0}), "expires_in_s"),
        (json!({"severity": "fatal"}), "severity"),
    ];
    for (change, field) in table {
        let refused = amend(&hub, &alert, change.clone()).await;
        assert_eq!((refused.status, refused.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{change}");
    }
    assert_eq!(amend(&hub, "01M3250V000000000000000007", json!({"text": "y"})).await.status, 404);
    assert!(agent.recv(MOMENT).await.is_err());
    amend(&hub, &alert, json!({"severity": "critical"})).await.expect(201).unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().expires_in_s, None, "a critical one does not expire");
    assert_eq!(amend(&hub, &alert, json!({"text": "again"})).await.status, 409, "corrected once; the one that stands can be corrected");
    let withdrawn = hub.send_all("info", "gone").await;
    hub.admin.post(&format!("/api/alerts/{withdrawn}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    assert_eq!(amend(&hub, &withdrawn, json!({"text": "again"})).await.status, 409);
    assert_eq!(hub.get("/api/alerts").await["total"], 3);
}

#[tokio::test]
async fn a_reminder_reaches_who_has_not_seen_it_and_not_too_often() {
    let hub = TestHub::start().await;
    hub.enrol(&["away"]).await;
    let (mut seen, mut unseen) = (hub.agent("seen").await, hub.agent("unseen").await);
    let alert = hub.send_all("critical", "look").await;
    let frame = seen.alert(SOON).await.unwrap();
    receipt(&mut seen, &frame, ReceiptState::Displayed).await;
    unseen.alert(SOON).await.unwrap();
    let reminded = remind(&hub, &alert).await.expect(200).unwrap();
    assert_eq!(reminded, json!({"reminded": 1, "offline": 1}));
    assert!(matches!(unseen.recv(SOON).await.unwrap(), ToAgent::Remind(remind) if remind.id == frame.id));
    assert!(seen.recv(MOMENT).await.is_err());
    let soon = remind(&hub, &alert).await;
    assert_eq!((soon.status, soon.json()["type"].as_str()), (429, Some("/problems/too-soon")));
    hub.clock.advance(61_000);
    receipt(&mut unseen, &frame, ReceiptState::Displayed).await;
    assert_eq!(remind(&hub, &alert).await.expect(200).unwrap(), json!({"reminded": 0, "offline": 1}));
    let shown = hub.alert(&alert).await;
    assert_eq!(kinds(&shown), ["sent", "reminded", "reminded"]);
    assert_eq!((&shown["timeline"][1]["clients"], &shown["timeline"][1]["away"]), (&json!(1), &json!(1)));
    hub.admin.post(&format!("/api/alerts/{alert}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    assert_eq!(remind(&hub, &alert).await.status, 409);
    assert_eq!(remind(&hub, "nonsense").await.status, 404);
}

#[tokio::test]
async fn a_free_reply_comes_back_with_who_wrote_it() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let sent = id(&hub.send(json!({"audience": {"kind": "global"}, "text": "¿Cuántas cajas?", "free_reply": true})).await);
    let frame = agent.alert(SOON).await.unwrap();
    assert!(frame.free_reply);
    let said = |reply: &str| Receipt {
        id: frame.id,
        state: ReceiptState::Dismissed,
        at: frame.sent_at,
        reply: Some(reply.into()),
        user: Some("lucía".into()),
    };
    agent.send(&ToHub::Receipts(Receipts { items: vec![said(&"x".repeat(201))] })).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Error(_)), "longer than allowed");
    agent.send(&ToHub::Receipts(Receipts { items: vec![said("Quedan dos")] })).await.unwrap();
    hub.until_state(&sent, "sol", "dismissed").await;
    let row = hub.delivery(&sent, "sol").await;
    assert_eq!((&row["reply"], &row["replied_by"]), (&json!("Quedan dos"), &json!("lucía")));
    assert_eq!(hub.alert(&sent).await["free_reply"], true);
}

#[tokio::test]
async fn what_expires_unseen_is_an_event_of_the_hub_and_in_the_timeline() {
    let hub = TestHub::start().await;
    hub.enrol(&["late"]).await;
    let body = json!({"audience": {"kind": "global"}, "severity": "error", "title": "Caja", "text": "short", "expires_in_s": 60});
    let sent = id(&hub.send(body).await);
    hub.clock.advance(61_000);
    hub.until_state(&sent, "late", "expired").await;
    let events = hub.get("/api/events").await;
    let event = &events["events"][0];
    let said = ["channel", "source", "severity", "message"].map(|field| event[field].as_str().unwrap());
    assert_eq!(said, ["hub", "pregon", "warning", "alert expired, 1 had not seen it: Caja"]);
    assert_eq!(event["raw_payload"]["labels"]["alert"], sent);
    assert_eq!(kinds(&hub.alert(&sent).await), ["sent", "expired"]);
    assert_eq!(remind(&hub, &sent).await.status, 409);
    hub.clock.advance(60_000);
    until("a sweep later it is one report", async || hub.get("/api/events").await["events"].as_array().unwrap().len() == 1).await;
}

#[tokio::test]
async fn an_incident_can_be_corrected_and_its_end_takes_the_successor_off() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    let line = json!({"source": "fridge", "severity": "critical", "message": "9 °C", "dedup_key": "fridge"});
    sensor.event(&line).await.unwrap();
    let first: AlertId = agent.alert(SOON).await.unwrap().id;
    let new = id(&amend(&hub, &first.to_string(), json!({"text": "12 °C"})).await.expect(201).unwrap());
    agent.alert(SOON).await.unwrap();
    agent.recv(SOON).await.unwrap();
    sensor.event(&json!({"source": "fridge", "dedup_key": "fridge", "resolved": true})).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(gone) if gone.id.to_string() == new));
}
