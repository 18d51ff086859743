//! The REST interface: log-ins, errors that name the field, pages.

use hyper::Method;
use pregon_swarm::http::Api;
use serde_json::json;

use crate::harness::{PASSWORD, TestHub};

#[tokio::test]
async fn errors_are_problems_that_name_the_field() {
    let hub = TestHub::start().await;
    let table = [
        ("/api/alerts", json!({"audience": {"kind": "global"}}), 422, "text"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": " "}), 422, "text"),
        ("/api/alerts", json!({"audience": [], "text": "x"}), 422, "audience"),
        ("/api/alerts", json!({"audience": {"kind": "private", "name": " "}, "text": "x"}), 422, "audience[0].name"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": "x".repeat(4_001)}), 422, "text"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": "x", "severity": "fatal"}), 422, "severity"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": "x", "expires_in_s": 0}), 422, "expires_in_s"),
        ("/api/alerts", json!({"audience": {"kind": "all"}, "text": "x"}), 422, "audience"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": "x", "send_at": "2030-01-01T00:00:00Z"}), 422, "send_at"),
        ("/api/alerts", json!({"audience": {"kind": "global"}, "text": "x", "repeat": {"every": "day"}}), 422, "send_at"),
        ("/api/users", json!({"username": "ana", "password": "short", "role": "viewer"}), 422, "password"),
        ("/api/users", json!({"username": "ADMIN", "password": PASSWORD, "role": "viewer"}), 422, "username"),
        ("/api/users", json!({"username": "ana", "password": PASSWORD, "role": "admin"}), 422, "role"),
        ("/api/enrolments", json!({"uses": 0}), 422, "uses"),
        ("/api/enrolments", json!({"expires_in_s": 1}), 422, "expires_in_s"),
        ("/api/clients", json!({"name": "a\nb"}), 422, "name"),
    ];
    for (path, body, status, field) in table {
        let reply = hub.admin.post(path, &body).await.unwrap();
        let problem = reply.json();
        assert_eq!((reply.status, problem["errors"][0]["field"].as_str()), (status, Some(field)), "{body}: {problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("/problems/"));
    }
}

#[tokio::test]
async fn what_does_not_exist_and_what_is_malformed_is_said() {
    let hub = TestHub::start().await;
    let missing =
        ["/api/nope", "/api/alerts/nope", "/api/alerts/01M7XZHSJSK9Q30NGR6WSTF7D1", "/api/clients/x/connections", "/nope", "/alerts/"];
    for path in missing {
        assert_eq!(hub.admin.get(path).await.unwrap().status, 404, "{path}");
    }
    assert_eq!(hub.admin.put("/api/alerts", &json!({})).await.unwrap().status, 405);
    assert_eq!(hub.admin.get("/api/alerts?cursor=x").await.unwrap().status, 422);
    assert_eq!(hub.admin.get("/api/alerts?limit=x").await.unwrap().status, 400);
    let json = [("content-type", "application/json")];
    let broken = hub.admin.raw(Method::POST, "/api/alerts", &json, "{".into()).await.unwrap();
    assert_eq!((broken.status, broken.json()["type"].as_str()), (400, Some("/problems/bad-request")));
    let withdraw = format!("/api/alerts/{}/withdraw", hub.send_all("info", "x").await);
    let broken = hub.admin.raw(Method::POST, &withdraw, &json, "{".into()).await.unwrap();
    assert_eq!((broken.status, broken.json()["type"].as_str()), (400, Some("/problems/bad-request")));
    assert_eq!(hub.admin.raw(Method::POST, &withdraw, &[], "".into()).await.unwrap().status, 200, "no body, no reason");
    let large = hub.admin.raw(Method::POST, "/api/alerts", &json, vec![b' '; 300_000].into()).await.unwrap();
    assert_eq!((large.status, large.json()["status"].as_u64()), (413, Some(413)));
}

#[tokio::test]
async fn a_wrong_log_in_says_nothing_about_which_part_was_wrong() {
    let hub = TestHub::start().await;
    hub.user("ana", "technician").await;
    let api = Api::new(&hub.endpoint());
    let mut answers = Vec::new();
    for (name, password) in [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("\u{0}", "x")] {
        answers.push(api.post("/api/login", &json!({"username": name, "password": password})).await.unwrap().expect(401).unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let admin_here = api.post("/api/login", &json!({"username": "admin", "password": PASSWORD})).await.unwrap();
    assert_eq!(admin_here.status, 401, "this door is for everybody else");
    let as_admin = json!({"username": "ana", "password": PASSWORD});
    api.post("/api/admin/login", &as_admin).await.unwrap().expect(401).expect("that door is for admin alone");
}

#[tokio::test]
async fn a_log_in_ends_when_idle_and_at_the_latest_after_its_longest_time() {
    let hub = TestHub::start().await;
    let minute = 60_000;
    let ana = hub.user("ana", "technician").await;
    hub.clock.advance(16 * minute);
    hub.admin.get("/api/session").await.unwrap().expect(401).expect("admin may idle 15 minutes");
    for _ in 0..28 {
        ana.get("/api/session").await.unwrap().expect(200).unwrap();
        hub.clock.advance(25 * minute);
    }
    ana.get("/api/session").await.unwrap().expect(200).unwrap();
    hub.clock.advance(25 * minute);
    ana.get("/api/session").await.unwrap().expect(401).expect("twelve hours are over");
}

#[tokio::test]
async fn admin_is_neither_listed_nor_changed_over_the_web() {
    let hub = TestHub::start().await;
    assert_eq!(hub.get("/api/users").await["users"], json!([]));
    for name in ["admin", "ADMIN", "аdmin"] {
        let path = format!("/api/users/{}", name.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>());
        assert_eq!(hub.admin.delete(&path).await.unwrap().status, 403, "{name}");
        assert_eq!(hub.admin.patch(&path, &json!({"password": "a new password"})).await.unwrap().status, 403, "{name}");
    }
}

#[tokio::test]
async fn theme_and_language_are_kept_on_the_hub() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "viewer").await;
    assert_eq!(ana.get("/api/session").await.unwrap().json()["theme"], "auto");
    ana.put("/api/session/preferences", &json!({"theme": "dark", "language": "en"})).await.unwrap().expect(200).unwrap();
    let again = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    let session = again.get("/api/session").await.unwrap().json();
    assert_eq!((session["theme"].as_str(), session["language"].as_str()), (Some("dark"), Some("en")));
}

#[tokio::test]
async fn clients_are_found_page_by_page() {
    let hub = TestHub::start().await;
    let names: Vec<String> = (0..25).map(|number| format!("branch {number:02}")).collect();
    hub.enrol(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let _agent = hub.connect("branch 07").await;
    let (mut found, mut path) = (Vec::new(), "/api/clients?limit=10".to_owned());
    loop {
        let page = hub.get(&path).await;
        assert_eq!(page["total"], 25);
        found.extend(page["clients"].as_array().unwrap().iter().map(|client| client["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/clients?limit=10&cursor={cursor}");
    }
    assert_eq!(found, names);
    assert_eq!(hub.get("/api/clients?search=ANCH%2007").await["total"], 1);
    assert_eq!(hub.get("/api/clients?online=false").await["total"], 24);
    let online = hub.get("/api/clients?online=true").await;
    assert_eq!((online["total"].as_u64(), online["clients"][0]["name"].as_str()), (Some(1), Some("branch 07")));
}

#[tokio::test]
async fn pages_come_with_a_strict_policy_and_files_may_be_kept() {
    let hub = TestHub::start().await;
    let api = Api::new(&hub.endpoint());
    let page = api.get("/").await.unwrap();
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    let again = api.get("/alerts/01M7XZHSJSK9Q30NGR6WSTF7D1").await.unwrap();
    assert_ne!(again.headers["content-security-policy"], page.headers["content-security-policy"], "a nonce is used once");
    assert!(page.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn every_action_is_in_the_log_and_its_chain_is_whole() {
    let hub = TestHub::start().await;
    hub.user("ana", "technician").await;
    hub.send_all("info", "line one\nline two").await;
    let whole = pregon_hub::store::verify_actions(hub.data.path()).unwrap().unwrap();
    assert!(matches!(whole, pregon_hub::store::Verification::Whole { rows } if rows >= 4), "{whole:?}");
    let database = rusqlite::Connection::open(hub.data.path().join("pregon.db")).unwrap();
    database.execute("update action_log set detail = 'nothing' where seq = 2", []).unwrap();
    let broken = pregon_hub::store::verify_actions(hub.data.path()).unwrap().unwrap();
    assert!(matches!(broken, pregon_hub::store::Verification::Broken { seq: 2, .. }), "{broken:?}");
    database.execute("delete from action_log where seq = 2", []).unwrap();
    let broken = pregon_hub::store::verify_actions(hub.data.path()).unwrap().unwrap();
    assert!(matches!(broken, pregon_hub::store::Verification::Broken { seq: 3, .. }), "{broken:?}");
}
