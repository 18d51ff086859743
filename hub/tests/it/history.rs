//! Looking for alerts, quick texts, what technicians are limited to, and what branches write.

use hyper::Method;
use pregon_swarm::http::Api;
use serde_json::{Value, json};
use shared::wire::to_agent::ToAgent;

use crate::harness::{PASSWORD, SOON, TestHub, id, until};

async fn ids(api: &Api, query: &str) -> Vec<String> {
    let list = api.get(&format!("/api/alerts?{query}")).await.unwrap().expect(200).unwrap();
    let alerts = list["alerts"].as_array().unwrap();
    assert_eq!(list["total"].as_u64().unwrap() as usize, alerts.len(), "{query}");
    alerts.iter().map(id).collect()
}

#[tokio::test]
async fn alerts_are_found_by_what_people_remember_of_them() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol", "Luna"]).await;
    hub.admin.post("/api/groups", &json!({"name": "Norte", "members": ["Sol"]})).await.unwrap().expect(201).unwrap();
    let ana = hub.user("ana", "technician").await;
    let recall = hub
        .send(json!({"audience": {"kind": "global"}, "severity": "critical", "title": "Retirada", "text": "Lote 42 de paracetamól"}))
        .await;
    let recall = id(&recall);
    let north = id(&hub.send(json!({"audience": {"kind": "group", "name": "norte"}, "severity": "warning", "text": "Nevera 3"})).await);
    let drill = json!({"audience": {"kind": "private", "name": "Luna"}, "text": "Simulacro", "drill": true});
    let drill = id(&ana.post("/api/alerts", &drill).await.unwrap().expect(201).unwrap());
    hub.admin.post(&format!("/api/alerts/{north}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    let admin = &hub.admin;
    let table = [
        ("search=LOTE+parace", vec![&recall]),
        ("search=paracetamol", vec![&recall]),
        ("search=%22+OR+*", vec![]),
        ("severity=critical,warning", vec![&north, &recall]),
        ("sender=ana", vec![&drill]),
        ("group=NORTE", vec![&north]),
        ("client=sol", vec![&north, &recall]),
        ("state=standing", vec![&drill, &recall]),
        ("state=withdrawn", vec![&north]),
        ("drill=true", vec![&drill]),
        ("unseen=true&client=luna", vec![&drill, &recall]),
        ("from=2099-01-01T00:00:00Z", vec![]),
        ("to=2099-01-01T00:00:00Z&drill=false", vec![&north, &recall]),
    ];
    for (query, expected) in table {
        assert_eq!(ids(admin, query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    hub.clock.advance(2 * 24 * 60 * 60 * 1_000);
    // Two days later the log-in has run out.
    let admin = &Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    until("the drill expired", async || ids(admin, "state=expired").await == [drill.clone()]).await;
    for wrong in ["severity=loud", "state=gone", "from=yesterday", "cursor=x", &format!("search={}", "x".repeat(201))] {
        let status = admin.get(&format!("/api/alerts?{wrong}")).await.unwrap().status;
        assert!((400..500).contains(&status), "{wrong}: {status}");
    }
    let senders = admin.get("/api/senders").await.unwrap().expect(200).unwrap();
    assert_eq!(senders["senders"], json!(["admin", "ana"]));
}

#[tokio::test]
async fn receipts_leave_as_a_table_and_as_json() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol", "=Luna"]).await;
    let alert = hub.send_all("info", "x").await;
    let csv = hub.admin.get(&format!("/api/alerts/{alert}/receipts.csv")).await.unwrap();
    assert_eq!(csv.status, 200);
    assert!(csv.headers["content-disposition"].to_str().unwrap().contains("attachment"));
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    assert!(text.starts_with("\u{feff}client,state,") && text.contains("'=Luna,queued,"), "{text}");
    let json = hub.get(&format!("/api/alerts/{alert}/receipts.json")).await;
    assert_eq!(json["receipts"].as_array().unwrap().len(), 2);
    assert_eq!(hub.admin.get("/api/alerts/nonsense/receipts.csv").await.unwrap().status, 404);
}

#[tokio::test]
async fn phrases_are_saved_clean_and_as_a_whole() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let said = json!({"phrases": [" Cierren la nevera ", "", "Llamen a {phone}", "Cierren la nevera"]});
    let kept = ana.put("/api/phrases", &said).await.unwrap().expect(200).unwrap();
    assert_eq!(kept, json!({"phrases": ["Cierren la nevera", "Llamen a {phone}"]}));
    assert_eq!(hub.get("/api/phrases").await, kept);
    let long = json!({"phrases": ["ok", "x".repeat(4_001)]});
    let problem = ana.put("/api/phrases", &long).await.unwrap().expect(422).unwrap();
    assert_eq!(problem["errors"][0]["field"], "phrases[1]");
    assert_eq!(hub.get("/api/phrases").await, kept);
}

#[tokio::test]
async fn an_audience_is_counted_once_before_it_is_sent_to() {
    let hub = TestHub::start().await;
    hub.enrol(&["Luna", "Mar"]).await;
    let _sol = hub.agent("Sol").await;
    hub.admin.post("/api/groups", &json!({"name": "Norte", "members": ["Sol", "Luna", "Nadie"]})).await.unwrap().expect(201).unwrap();
    let count =
        async |audience: Value| hub.admin.post("/api/audiences/count", &json!({"audience": audience})).await.unwrap().expect(200).unwrap();
    let both = json!([{"kind": "group", "name": "norte"}, {"kind": "private", "name": "Sol"}, {"kind": "private", "name": "Mar"}]);
    assert_eq!(count(both.clone()).await, json!({"recipients": 3, "online": 1, "unknown": ["Nadie"]}));
    assert_eq!(count(json!({"kind": "global"})).await["recipients"], 3);
    let sent = hub.send(json!({"audience": both, "text": "x"})).await;
    assert_eq!((sent["recipients"].as_u64(), &sent["online"], &sent["unknown"]), (Some(3), &json!(["Sol"]), &json!(["Nadie"])));
}

#[tokio::test]
async fn a_technician_stays_within_the_limits_that_admin_sets() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol", "Luna"]).await;
    for (name, member) in [("Norte", "Sol"), ("Sur", "Luna")] {
        hub.admin.post("/api/groups", &json!({"name": name, "members": [member]})).await.unwrap().expect(201).unwrap();
    }
    let limits = json!({"groups": ["norte"], "severities": ["warning", "info"]});
    let user = json!({"username": "ana", "password": PASSWORD, "role": "technician", "limits": limits});
    let made = hub.admin.post("/api/users", &user).await.unwrap().expect(201).unwrap();
    assert_eq!(made["limits"], json!({"groups": ["Norte"], "severities": ["info", "warning"]}));
    let ana = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    assert_eq!(ana.get("/api/session").await.unwrap().json()["limits"]["groups"], json!(["Norte"]));
    let global = hub.send_all("info", "for everybody").await;
    let north = |severity: &str| json!({"audience": {"kind": "group", "name": "Norte"}, "severity": severity, "text": "x"});
    let to = |audience: Value| json!({"audience": audience, "text": "x"});
    let table = [
        (north("warning"), 201, ""),
        (north("critical"), 403, "severity"),
        (to(json!({"kind": "private", "name": "Sol"})), 201, ""),
        (to(json!([{"kind": "group", "name": "Norte"}, {"kind": "private", "name": "Luna"}])), 403, "audience[1]"),
        (to(json!({"kind": "group", "name": "Sur"})), 403, "audience[0]"),
        (to(json!({"kind": "global"})), 403, "audience[0]"),
    ];
    for (alert, status, field) in table {
        let reply = ana.post("/api/alerts", &alert).await.unwrap();
        assert_eq!(reply.status, status, "{alert}");
        if status == 403 {
            assert_eq!(reply.json()["errors"][0]["field"], field, "{alert}");
        }
    }
    // What is beyond the limits is not taken back either.
    assert_eq!(ana.post(&format!("/api/alerts/{global}/withdraw"), &json!({})).await.unwrap().status, 403);
    hub.admin.patch("/api/users/ana", &json!({"limits": {}})).await.unwrap().expect(204).unwrap();
    assert_eq!(ana.post("/api/alerts", &to(json!({"kind": "global"}))).await.unwrap().status, 201);
    let unknown = json!({"limits": {"groups": ["Nowhere"]}});
    let problem = hub.admin.patch("/api/users/ana", &unknown).await.unwrap().expect(422).unwrap();
    assert_eq!(problem["errors"][0]["field"], "limits.groups[0]");
}

#[tokio::test]
async fn what_a_branch_writes_is_kept_once_and_answered_on_its_screen() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("Sol").await;
    let ana = hub.user("ana", "technician").await;
    for _ in 0..2 {
        sol.send_text(r#"{"action":"message","id":"m-1","text":"La impresora no va"}"#).await.unwrap();
        let ToAgent::MessageOk(ok) = sol.recv(SOON).await.unwrap() else { panic!("no message_ok") };
        assert_eq!(ok.id, "m-1");
    }
    sol.send_text(r#"{"action":"message","text":"sin id"}"#).await.unwrap();
    until("both are there", async || hub.get("/api/messages").await["open"] == 2).await;
    let list = ana.get("/api/messages?client=SOL&open=true").await.unwrap().json();
    let first = list["messages"][1].clone();
    assert_eq!(
        (list["total"].as_u64(), first["client"].as_str(), first["text"].as_str()),
        (Some(2), Some("Sol"), Some("La impresora no va"))
    );
    let path = format!("/api/messages/{}", first["id"]);
    for _ in 0..2 {
        let answered = ana.post(&format!("{path}/answer"), &json!({"text": "Apágala y enciéndela"})).await.unwrap().expect(200).unwrap();
        assert_eq!(answered["handled_by"], "ana");
        assert!(answered["answer"].is_string());
    }
    let ToAgent::Alert(alert) = sol.recv(SOON).await.unwrap() else { panic!("no alert") };
    assert_eq!((alert.text.as_str(), alert.from.as_str()), ("Apágala y enciéndela", "ana"));
    assert_eq!(hub.get("/api/alerts").await["total"], 1);
    assert_eq!(hub.get("/api/messages").await["open"], 1);
    ana.patch(&path, &json!({"handled": false})).await.unwrap().expect(200).unwrap();
    assert_eq!(hub.get("/api/messages?open=true").await["total"], 2);
    assert_eq!(ana.request(Method::PATCH, "/api/messages/999", &[], Some(&json!({"handled": true}))).await.unwrap().status, 404);
}
