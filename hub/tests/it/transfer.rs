//! What a hub knows as one JSON document: out, and into another one whole or not at all.

use pregon_swarm::http::Reply;
use serde_json::{Value, json};

use crate::harness::TestHub;

async fn import(hub: &TestHub, query: &str, document: &Value) -> Reply {
    hub.admin.post(&format!("/api/import{query}"), document).await.unwrap()
}

fn fields(reply: &Reply) -> Vec<String> {
    reply.json()["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

fn document(sections: Value) -> Value {
    json!({"format": "pregon-export", "version": 1, "sections": sections})
}

#[tokio::test]
async fn what_one_hub_exports_another_reads_and_then_both_know_the_same() {
    let one = TestHub::start().await;
    one.enrol(&["Sol"]).await;
    one.user("marta", "technician").await;
    one.admin.post("/api/groups", &json!({"name": "Norte", "members": ["Sol", "Peña"]})).await.unwrap().expect(201).unwrap();
    let limits = json!({"limits": {"groups": ["norte"], "severities": ["warning", "info"]}});
    one.admin.patch("/api/users/marta", &limits).await.unwrap().expect(204).unwrap();
    one.user("eva", "technician").await;
    one.admin.put("/api/settings", &json!({"retention": {"events_days": 90}})).await.unwrap().expect(200).unwrap();
    one.admin.post("/api/events", &json!({"source": "ups", "severity": "error", "message": "on battery"})).await.unwrap();
    one.admin.put("/api/phrases", &json!({"phrases": ["Call {phone}", "Close the door"]})).await.unwrap().expect(200).unwrap();
    let watch = json!({"watches": [{"name": "ups", "source": "ups*", "every_s": 600, "severity": "error"}]});
    one.admin.put("/api/watches", &watch).await.unwrap().expect(200).unwrap();
    let rules = json!({"rules": [{"name": "UPS", "match": {"sources": ["ups*"]}, "then": {"screens": [{"kind": "global"}]}}]});
    one.admin.put("/api/rules", &rules).await.unwrap().expect(200).unwrap();
    let export = one.get("/api/export?sections=groups,users,clients,phrases,rules,settings,events,emails,statistics").await;
    let text = export.to_string();
    assert!(!text.contains("password") && !text.contains("key") && !text.contains("$2b$"), "no secret: {text}");

    let other = TestHub::start().await;
    let tried = import(&other, "?dry_run=true", &export).await.expect(200).unwrap();
    let change = |name: &str| tried["changes"].as_array().unwrap().iter().find(|change| change["section"] == name).cloned().unwrap();
    assert_eq!((&change("groups")["added"], &change("groups")["names"]), (&json!(1), &json!(["Norte"])));
    assert_eq!((&change("clients")["ignored"], &change("events")["added"]), (&json!(1), &json!(1)));
    assert_eq!(other.get("/api/groups").await["total"], 0, "a try writes nothing");

    let done = import(&other, "", &export).await.expect(200).unwrap();
    assert_eq!(done["changes"], tried["changes"]);
    assert_eq!(other.get("/api/groups/Norte").await["unknown"], json!(["Peña", "Sol"]));
    assert_eq!(other.get("/api/settings").await["retention"]["events_days"], 90);
    let users = other.get("/api/users").await["users"].clone();
    assert_eq!((&users[0]["username"], &users[0]["limits"]), (&json!("eva"), &json!({"groups": null, "severities": null})));
    assert_eq!(users[1]["limits"], json!({"groups": ["Norte"], "severities": ["info", "warning"]}), "a group of the same document");
    assert_eq!(other.get("/api/events").await["events"][0]["message"], "on battery");
    assert_eq!(other.get("/api/phrases").await, one.get("/api/phrases").await);
    assert_eq!(other.get("/api/rules").await["rules"], one.get("/api/rules").await["rules"], "and they hold at once");
    assert_eq!(other.get("/api/watches").await["watches"][0]["source"], "ups*");
    let again = import(&other, "", &export).await.expect(200).unwrap();
    let writes = |change: &Value| change["added"].as_u64().unwrap() + change["changed"].as_u64().unwrap();
    assert!(again["changes"].as_array().unwrap().iter().all(|change| writes(change) == 0), "a second time changes nothing: {again}");
}

#[tokio::test]
async fn a_person_from_a_document_has_no_password_until_the_administrator_gives_one() {
    let hub = TestHub::start().await;
    import(&hub, "", &document(json!({"users": [{"username": "Nuria", "role": "technician"}]}))).await.expect(200).unwrap();
    for guess in ["", "!", "password", "nuria"] {
        assert!(pregon_swarm::http::Api::login(&hub.endpoint(), "Nuria", guess).await.is_err(), "{guess:?}");
    }
    let password = json!({"password": crate::harness::PASSWORD});
    hub.admin.patch("/api/users/nuria", &password).await.unwrap().expect(204).unwrap();
    pregon_swarm::http::Api::login(&hub.endpoint(), "Nuria", crate::harness::PASSWORD).await.unwrap();
}

#[tokio::test]
async fn another_role_from_a_document_ends_the_log_ins_of_that_person() {
    let hub = TestHub::start().await;
    let marta = hub.user("marta", "technician").await;
    import(&hub, "", &document(json!({"users": [{"username": "marta", "role": "viewer"}]}))).await.expect(200).unwrap();
    assert_eq!(marta.get("/api/session").await.unwrap().status, 401);
}

#[tokio::test]
async fn limits_of_technicians_are_read_with_their_groups_or_not_at_all() {
    let hub = TestHub::start().await;
    let marta = hub.user("marta", "technician").await;
    hub.admin.post("/api/groups", &json!({"name": "Sur", "members": ["a"]})).await.unwrap().expect(201).unwrap();
    let one = |limits: Value| document(json!({"users": [{"username": "Marta", "role": "technician", "limits": limits}]}));
    let limits = async || hub.get("/api/users").await["users"][0]["limits"].clone();
    let done = import(&hub, "", &one(json!({"groups": ["SUR"], "severities": []}))).await.expect(200).unwrap();
    assert_eq!(done["changes"][0]["changed"], 1);
    assert_eq!(limits().await, json!({"groups": ["Sur"], "severities": []}));
    assert_eq!(marta.get("/api/session").await.unwrap().status, 200, "the log-in goes on");
    let without = document(json!({"users": [{"username": "marta", "role": "technician"}]}));
    assert_eq!(import(&hub, "", &without).await.expect(200).unwrap()["changes"][0]["unchanged"], 1, "an older document leaves them alone");
    let faults = [
        (json!({"groups": ["Sur", "nowhere", ""]}), vec!["limits.groups[1]", "limits.groups[2]"]),
        (json!({"groups": vec!["Sur"; 201]}), vec!["limits.groups"]),
        (json!({"severities": ["loud"]}), vec![""]),
        (json!({"people": []}), vec![""]),
        (json!("none"), vec![""]),
    ];
    for (words, places) in faults {
        let refused = import(&hub, "", &one(words.clone())).await;
        let wanted = places.iter().map(|place| format!("sections.users[0].{place}").trim_end_matches('.').to_owned());
        assert_eq!((refused.status, fields(&refused)), (422, wanted.collect::<Vec<_>>()), "{words}");
    }
    assert_eq!(limits().await, json!({"groups": ["Sur"], "severities": []}), "nothing half done");
    import(&hub, "", &one(json!({}))).await.expect(200).unwrap();
    assert_eq!(limits().await, json!({"groups": null, "severities": null}));
    let log = hub.get("/api/logs/actions?limit=50").await.to_string();
    assert_eq!(log.matches("set the limits of marta").count(), 2, "{log}");
}

#[tokio::test]
async fn a_document_with_one_fault_anywhere_is_refused_whole_and_every_fault_has_its_path() {
    let hub = TestHub::start().await;
    let bad = document(json!({
        "groups": [{"name": "Good", "members": ["a"]}, {"name": "", "members": []}, {"name": "GOOD", "members": ["b"]},
            {"name": "x", "members": ["a", "A"]}, {"name": "y", "members": ["a"], "extra": 1}, 7],
        "users": [{"username": "admin", "role": "technician"}, {"username": "eva", "role": "admin"}],
        "settings": {"retention": {"events_days": 0}},
        "events": [{"id": 1, "created_at": "2026-01-01T00:00:00Z", "source": "a\nb", "severity": "info", "message": "", "channel": "x", "raw_payload": []}],
        "passwords": []
    }));
    let wanted = [
        "sections.groups[4]",
        "sections.groups[5]",
        "sections.groups[1].name",
        "sections.groups[1].members",
        "sections.groups[2].name",
        "sections.groups[3].members[1]",
        "sections.users[0].username",
        "sections.users[1].role",
        "sections.settings.retention.events_days",
        "sections.events[0].source",
        "sections.events[0].message",
        "sections.events[0].raw_payload",
        "sections.passwords",
    ];
    for query in ["", "?dry_run=true"] {
        let refused = import(&hub, query, &bad).await;
        assert_eq!((refused.status, fields(&refused)), (422, wanted.map(str::to_owned).to_vec()), "{query}");
    }
    assert_eq!(hub.get("/api/groups").await["total"], 0, "nothing half done");
    assert_eq!(hub.get("/api/events").await["total"], 0);
}

#[tokio::test]
async fn what_is_no_document_of_this_version_is_refused_clearly() {
    let hub = TestHub::start().await;
    let table = [
        (json!({"format": "pregon-export", "version": 2, "sections": {}}), "version", "is 2, this hub reads 1"),
        (json!({"format": "grafana", "version": 1, "sections": {}}), "format", "is not pregon-export"),
        (json!({"version": 1, "sections": {}}), "format", "missing field"),
        (document(json!({"groups": {"name": "x"}})), "sections.groups", "must be a list"),
        (document(json!([])), "body", "expected a map"),
    ];
    for (body, field, reason) in table {
        let refused = import(&hub, "", &body).await;
        let problem = refused.json();
        assert_eq!((refused.status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
        assert!(problem["errors"][0]["reason"].as_str().unwrap().contains(reason), "{problem}");
    }
    let asked = hub.admin.get("/api/export?sections=groups,secrets").await.unwrap();
    assert_eq!((asked.status, fields(&asked)), (422, vec!["sections".to_owned()]));
}
