//! The action log as admin looks through it, and the tail of the server's own log.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pregon_hub::app::App;
use pregon_hub::clock::Clock;
use pregon_hub::config::Config;
use pregon_swarm::http::Api;
use pregon_swarm::panel::Panel;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, SOON, TestHub};

fn details(list: &Value) -> Vec<String> {
    list["actions"].as_array().unwrap().iter().map(|row| row["detail"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_did_what_is_found_by_time_user_and_words() {
    let hub = TestHub::start().await;
    let ana = hub.user("Ana", "technician").await;
    hub.enrol(&["sol", "luna"]).await;
    let wrong = json!({"username": "Ana", "password": "wrong"});
    Api::new(&hub.endpoint()).post("/api/login", &wrong).await.unwrap().expect(401).unwrap();
    let id = hub.send_all("critical", "x").await;
    hub.clock.advance(3_600_000);
    ana.put("/api/session/preferences", &json!({"theme": "dark", "language": "en"})).await.unwrap();
    let admin = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    let get = async |query: &str| admin.get(&format!("/api/logs/actions{query}")).await.unwrap().expect(200).unwrap();

    let hers = get("?user=ANA").await;
    assert_eq!(details(&hers), ["failed to log in from 127.0.0.1", "logged in from 127.0.0.1"]);
    assert_eq!((&hers["actions"][0]["action"], &hers["total"]), (&json!("session.refused"), &json!(2)));
    let sent = get(&format!("?text={id}")).await;
    let detail = &details(&sent)[0];
    assert!(detail.ends_with("to global: 2 recipients: sol, luna") && detail.contains("critical"), "{detail}");
    let now = hub.clock.now();
    let (before, after) = (now.plus_millis(-60_000), now.plus_millis(60_000));
    let late = get(&format!("?from={before}&to={after}")).await;
    assert_eq!(details(&late), ["logged in from 127.0.0.1"]);
    let today = pregon_hub::logs::wall_clock(now).format("%Y-%m-%d").to_string();
    assert!(details(&get(&format!("?from={today}&to={today}")).await).contains(&"logged in from 127.0.0.1".to_owned()));
    assert_eq!(get("?text=%25").await["total"], 0, "no wildcards");
    for wrong in ["?from=yesterday", "?to=2026-13-01"] {
        assert_eq!(admin.get(&format!("/api/logs/actions{wrong}")).await.unwrap().status, 422, "{wrong}");
    }
    assert_eq!(admin.get("/api/logs/actions?cursor=x").await.unwrap().status, 400);
}

#[tokio::test]
async fn pages_of_the_log_are_whole_while_it_grows() {
    let hub = TestHub::start().await;
    hub.enrol(&["a", "b", "c", "d", "e", "f"]).await;
    let all = hub.get("/api/logs/actions?limit=500").await;
    let expected: Vec<i64> = all["actions"].as_array().unwrap().iter().map(|row| row["seq"].as_i64().unwrap()).collect();
    assert!(expected.is_sorted_by(|newer, older| newer > older), "newest first");
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(&format!("/api/logs/actions?limit=3{cursor}")).await;
        found.extend(page["actions"].as_array().unwrap().iter().map(|row| row["seq"].as_i64().unwrap()));
        hub.enrol(&[&format!("late {}", found.len())]).await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_line_of_what_was_read_is_kept_for_the_user_and_never_goes_back() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let list = hub.get("/api/logs/actions").await;
    assert_eq!(list["read_seq"], 0);
    let newest = list["actions"][0]["seq"].as_i64().unwrap();
    let mark =
        async |seq: i64| hub.admin.put("/api/logs/actions/read", &json!({"seq": seq})).await.unwrap().expect(200).unwrap()["seq"].clone();
    assert_eq!(mark(newest).await, newest);
    assert_eq!(mark(1).await, newest);
    assert_eq!(mark(-5).await, newest);
    let ahead = mark(i64::MAX).await.as_i64().unwrap();
    assert!(ahead >= newest && ahead < newest + 10, "not beyond the newest entry");
    let again = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    assert_eq!(again.get("/api/logs/actions").await.unwrap().json()["read_seq"], ahead);
    let wrong = again.put("/api/logs/actions/read", &json!({"seq": "x"})).await.unwrap().expect(422).unwrap();
    assert_eq!(wrong["errors"][0]["field"], "seq");
}

#[tokio::test]
async fn a_panel_hears_that_the_log_has_grown_and_nothing_of_what_it_says() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "viewer").await;
    let mut panel = Panel::open(&hub.endpoint(), ana.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    hub.enrol(&["sol"]).await;
    let news = panel.next_of("log", SOON).await.unwrap();
    assert_eq!(news.as_object().unwrap().keys().collect::<Vec<_>>(), ["newest"]);
}

#[tokio::test]
async fn every_kind_of_action_is_in_the_log() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    hub.enrol(&["sol"]).await;
    hub.send_all("info", "x").await;
    let group = json!({"name": "g", "members": ["sol"]});
    hub.admin.post("/api/groups", &group).await.unwrap().expect(201).unwrap();
    hub.token("t", "events").await;
    hub.admin.patch("/api/users/ana", &json!({"role": "viewer"})).await.unwrap().expect(204).unwrap();
    hub.admin.delete("/api/users/ana").await.unwrap().expect(204).unwrap();
    hub.admin.delete("/api/clients/sol").await.unwrap().expect(204).unwrap();
    ana.post("/api/logout", &json!({})).await.unwrap().expect(401).unwrap();
    let second = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    second.post("/api/logout", &json!({})).await.unwrap().expect(204).unwrap();
    let list = hub.get("/api/logs/actions?limit=500").await;
    let kinds: BTreeSet<_> = list["actions"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    let wanted = ["alert.send", "session.login", "session.logout", "user.create", "user.change", "user.delete"];
    assert!(wanted.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    for area in ["client.", "group.", "token."] {
        assert!(kinds.iter().any(|kind| kind.starts_with(area)), "{area}: {kinds:?}");
    }
}

#[tokio::test]
async fn settings_that_changed_since_the_last_start_are_an_action() {
    let data = tempfile::tempdir().unwrap();
    let start = async |idle: &str| {
        let free = ["PREGON_HTTPS_LISTEN", "PREGON_EVENTS_LISTEN", "PREGON_EVENTS_TLS_LISTEN"].map(|name| (name, "127.0.0.1:0"));
        let settings = free.into_iter().chain([("PREGON_AUTH_IDLE", idle)]);
        let config = Config::load(None, settings.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        let app = App::open_at(data.path(), config, Clock::default()).await.unwrap();
        app.start().await.unwrap();
        let rows = app.hub.store.actions_for_file(500).await.unwrap();
        app.stop().await;
        rows.into_iter().filter(|row| row.action == "settings.change").map(|row| row.detail).collect::<Vec<_>>()
    };
    assert_eq!(start("20m").await, Vec::<String>::new(), "the first start changes nothing");
    assert_eq!(start("25m").await, ["setting auth.idle changed from \"20m\" to \"25m\""]);
    assert_eq!(start("25m").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_servers_log_is_read_backwards_page_by_page() {
    let hub = TestHub::start().await;
    let folder = hub.data.path().join("logs");
    std::fs::create_dir_all(&folder).unwrap();
    let mut text = String::new();
    for number in 0..120 {
        let level = if number % 40 == 0 { "ERROR" } else { " INFO" };
        writeln!(text, "2026-11-21 05:00:00.{number:03} {level} pregon_hub: line <{number}>").unwrap();
    }
    std::fs::write(folder.join("server.log"), text).unwrap();
    let page = hub.get("/api/logs/server").await;
    assert_eq!((page["lines"].as_array().unwrap().len(), &page["lines"][0]["text"]), (50, &json!("pregon_hub: line <119>")));
    let next = hub.get(&format!("/api/logs/server?limit=500&cursor={}", page["next_cursor"].as_str().unwrap())).await;
    assert_eq!((next["lines"].as_array().unwrap().len(), next.get("next_cursor")), (70, None));
    let errors = hub.get("/api/logs/server?level=error").await;
    assert_eq!((errors["lines"].as_array().unwrap().len(), &errors["lines"][0]["level"]), (3, &json!("error")));
    assert_eq!(hub.get("/api/logs/server?text=%3C7%3E").await["lines"][0]["at"], "2026-11-21 05:00:00.007");
    for wrong in ["level=loud", "cursor=x"] {
        assert_eq!(hub.admin.get(&format!("/api/logs/server?{wrong}")).await.unwrap().status, 422, "{wrong}");
    }
}
