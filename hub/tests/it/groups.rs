//! Groups: whom an alert to one reaches, and groups from a file.

use hyper::Method;
use pregon_swarm::http::Reply;
use serde_json::{Value, json};
use shared::Audience;

use crate::harness::{MOMENT, SOON, TestHub, id};

async fn import(hub: &TestHub, query: &str, text: &[u8]) -> Reply {
    let headers = [("content-type", "text/csv"), ("x-file-name", "sucursales%20norte.csv")];
    hub.admin.raw(Method::POST, &format!("/api/groups/import{query}"), &headers, text.to_vec().into()).await.unwrap()
}

#[tokio::test]
async fn an_alert_to_a_group_reaches_its_members_alone() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("Sol").await;
    let mut luna = hub.agent("luna").await;
    hub.enrol(&["late"]).await;
    let made = json!({"name": "Norte", "members": ["SOL", "late", "not yet"]});
    let group = hub.admin.post("/api/groups", &made).await.unwrap().expect(201).unwrap();
    let expected = json!({"name": "Norte", "connected": ["Sol"], "disconnected": ["late"], "unknown": ["not yet"]});
    assert_eq!(group, expected);
    let audience = json!([{"kind": "group", "name": "NORTE"}, {"kind": "private", "name": "sol"}, {"kind": "group", "name": "Sur"}]);
    let sent = hub.send(json!({"audience": audience, "severity": "critical", "text": "to the north"})).await;
    assert_eq!((&sent["online"], &sent["offline"], &sent["unknown"]), (&json!(["Sol"]), &json!(["late"]), &json!(["Sur", "not yet"])));
    assert_eq!(sol.alert(SOON).await.unwrap().audience, Audience::Group { name: "NORTE".into() });
    assert!(sol.recv(MOMENT).await.is_err(), "named twice, sent once");
    assert!(luna.recv(MOMENT).await.is_err());
    let mut late = hub.connect("late").await;
    assert_eq!(late.alert(SOON).await.unwrap().id.to_string(), id(&sent));
    // Whoever is enrolled later is a member from then on.
    let mut newcomer = hub.agent("Not Yet").await;
    hub.send(json!({"audience": {"kind": "group", "name": "norte"}, "text": "again"})).await;
    assert_eq!(newcomer.alert(SOON).await.unwrap().text, "again");
}

#[tokio::test]
async fn groups_are_made_changed_listed_and_deleted() {
    let hub = TestHub::start().await;
    let _sol = hub.agent("sol").await;
    let post =
        async |name: &str, members: &[&str]| hub.admin.post("/api/groups", &json!({"name": name, "members": members})).await.unwrap();
    assert_eq!(post("Norte 10", &["sol"]).await.status, 201);
    assert_eq!(post("norte 2", &["sol", "luna"]).await.status, 201);
    assert_eq!(post("NORTE  10", &["sol"]).await.status, 409);
    let table: [(&str, &[&str], &str); 4] =
        [("", &["a"], "name"), ("x", &[], "members"), ("x", &["a", "A"], "members[1]"), ("export", &["a"], "name")];
    for (name, members, field) in table {
        let problem = post(name, members).await;
        assert_eq!((problem.status, problem.json()["errors"][0]["field"].as_str()), (422, Some(field)));
    }
    let list = hub.get("/api/groups").await;
    let expected = json!([{"name": "norte 2", "members": 2, "online": 1}, {"name": "Norte 10", "members": 1, "online": 1}]);
    assert_eq!((&list["groups"], &list["total"]), (&expected, &json!(2)));
    assert_eq!(hub.get("/api/groups?search=TE%202").await["total"], 1);
    let change = json!({"name": "Sur", "members": ["luna"]});
    let changed = hub.admin.put("/api/groups/norte%202", &change).await.unwrap().expect(200).unwrap();
    assert_eq!(changed["unknown"], json!(["luna"]));
    let clash = json!({"name": "norte 10", "members": ["luna"]});
    assert_eq!(hub.admin.put("/api/groups/Sur", &clash).await.unwrap().status, 409);
    assert_eq!(hub.admin.delete("/api/groups/sur").await.unwrap().status, 204);
    assert_eq!(hub.admin.delete("/api/groups/sur").await.unwrap().status, 404);
    assert_eq!(hub.get("/api/groups/export").await, Value::Null, "a file, not JSON");
}

#[tokio::test]
async fn a_file_is_imported_whole_or_not_at_all() {
    let hub = TestHub::start().await;
    hub.admin.post("/api/groups", &json!({"name": "Este", "members": ["x"]})).await.unwrap().expect(201).unwrap();
    let bad = import(&hub, "", b"Norte,a,b\nEste,c\nSur\n").await;
    let lines = |reply: &Reply| -> Vec<u64> {
        reply.json()["errors"].as_array().unwrap().iter().map(|error| error["line"].as_u64().unwrap()).collect()
    };
    assert_eq!((bad.status, lines(&bad)), (422, vec![2, 3]), "also what exists already");
    let taken = import(&hub, "", b"Norte,a,b\n\"ESTE\",c\n").await;
    assert_eq!((taken.status, lines(&taken)), (422, vec![2]));
    assert_eq!(hub.get("/api/groups").await["total"], 1, "nothing half done");
    let good = b"Norte;Sol;Luna\nSur;Pe\xf1a\n";
    let preview = import(&hub, "?dry_run=true", good).await.expect(200).unwrap();
    assert_eq!((&preview["encoding"], &preview["groups"][1]), (&json!("latin-1"), &json!({"name": "Sur", "members": ["Peña"]})));
    assert_eq!(hub.get("/api/groups").await["total"], 1, "a preview imports nothing");
    import(&hub, "", good).await.expect(200).unwrap();
    assert_eq!(hub.get("/api/groups/Sur").await["unknown"], json!(["Peña"]));
    let file = hub.admin.get("/api/groups/export").await.unwrap();
    assert_eq!(String::from_utf8_lossy(&file.body), "Este,x\nNorte,Luna,Sol\nSur,Peña\n");
    crate::harness::until("the log names the file", async || {
        std::fs::read_to_string(hub.data.path().join("logs/actions.log"))
            .is_ok_and(|text| text.contains(" - admin - imported groups from CSV: sucursales norte.csv"))
    })
    .await;
}

#[tokio::test]
async fn a_form_with_a_file_is_read_too_and_too_much_is_refused() {
    let hub = TestHub::start().await;
    let form = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"g.csv\"\r\n\r\nNorte,a\r\n\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let reply = hub.admin.raw(Method::POST, "/api/groups/import", &headers, form.into()).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.json());
    let empty = hub.admin.raw(Method::POST, "/api/groups/import", &headers, "--x--\r\n".into()).await.unwrap();
    assert_eq!((empty.status, empty.json()["errors"][0]["field"].as_str()), (422, Some("file")));
    let large = import(&hub, "", &vec![b'a'; 5 * 1024 * 1024]).await;
    assert_eq!(large.status, 413);
    let medium: String = (0..40_000).map(|number| format!("group {number},a\n")).collect();
    assert_eq!(import(&hub, "", medium.as_bytes()).await.status, 409, "more groups than a hub keeps");
    assert_eq!(hub.get("/api/groups").await["total"], 1);
}
