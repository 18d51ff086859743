//! The directory of clients at its full size: paged, sorted, filtered, counted; one client; and who tried its name.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use pregon_hub::store::{Actor, Arrival, ClientId};
use pregon_swarm::agent::Agent;
use serde_json::{Value, json};
use shared::secret::Clave;
use shared::{Name, Timestamp};

use crate::harness::{SOON, TestHub, id, key, until};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Enrols a client behind the back of HTTP, and lets it have come and gone `days` ago if it says.
async fn put(hub: &TestHub, name: String, seen: Option<(i64, Option<&str>)>) -> ClientId {
    let (store, now) = (&hub.app.hub.store, hub.clock.now());
    let parsed = Name::parse(&name).unwrap();
    let id = store.put_client(now, &Actor::new("test"), &parsed, *hub.app.hub.secrets.pepper(), Clave::of_key(&key(&name))).await.unwrap();
    if let Some((days, version)) = seen {
        let arrival = Arrival { address: "10.0.0.1".into(), version: version.map(Into::into), os: None };
        let at = Timestamp::from_millis(now.as_millis() - days * DAY_MS);
        let connection = store.open_connection(at, id, arrival).await.unwrap();
        store.close_connection(at, at, connection, "left").await.unwrap();
    }
    id
}

fn names(page: &Value) -> Vec<String> {
    page["clients"].as_array().unwrap().iter().map(|client| client["name"].as_str().unwrap().to_owned()).collect()
}

/// Every page of a list, and how long the slowest took.
async fn walk(hub: &TestHub, query: &str, limit: u32) -> (Vec<String>, Duration) {
    let (mut all, mut slowest) = (Vec::new(), Duration::ZERO);
    let mut cursor = String::new();
    loop {
        let began = Instant::now();
        let page = hub.get(&format!("/api/clients?limit={limit}&{query}{cursor}")).await;
        slowest = slowest.max(began.elapsed());
        all.extend(names(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (all, slowest),
        }
    }
}

#[tokio::test]
async fn ten_thousand_clients_are_paged_in_every_order_each_once() {
    let hub = TestHub::start().await;
    for hundred in 0..100 {
        let some = (0..100).map(|number| {
            let number = hundred * 100 + number;
            // Many share their version and their moment: what decides between equals must be stable.
            let seen = (number % 10 != 0).then(|| (i64::from(number % 7) * 10, Some(["0.9.0", "1.10.2", "1.2.0"][number as usize % 3])));
            put(&hub, format!("Caja {number}"), seen)
        });
        futures_util::future::join_all(some).await;
    }
    let orders = ["", "sort=seen", "sort=seen&descending=true", "sort=created", "sort=version&descending=true", "descending=true"];
    for order in orders {
        let (all, slowest) = walk(&hub, order, 500).await;
        assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (10_000, 10_000), "{order}");
        assert!(slowest < Duration::from_secs(3), "{order}: a page took {slowest:?}");
    }
    let first = names(&hub.get("/api/clients?limit=3").await);
    assert_eq!(first, ["Caja 0", "Caja 1", "Caja 2"], "numbers by their value");
    let (silent, _) = walk(&hub, "filter=silent&silent_days=45&sort=seen", 500).await;
    let counts = hub.get("/api/client-counts?silent_days=45").await;
    assert_eq!((counts["all"].as_u64(), counts["silent"].as_u64()), (Some(10_000), Some(silent.len() as u64)));
    assert_eq!((&counts["newest_version"], &counts["online"]), (&json!("1.10.2"), &json!(0)));
    let (outdated, _) = walk(&hub, "filter=outdated", 500).await;
    assert_eq!(counts["outdated"].as_u64(), Some(outdated.len() as u64));
    assert_eq!(outdated.len(), 6_000, "nine of ten came once, and two thirds of them with an older version");
    let found = hub.get("/api/clients?search=CAJA%20999&limit=50").await;
    assert_eq!((found["total"].as_u64(), names(&found).len()), (Some(11), 11));
}

#[tokio::test]
async fn each_filter_shows_what_it_says_and_counts_the_same() {
    let hub = TestHub::start().await;
    let own = env!("CARGO_PKG_VERSION");
    put(&hub, "never".into(), None).await;
    put(&hub, "old".into(), Some((40, Some("0.0.1")))).await;
    put(&hub, "legacy".into(), Some((2, None))).await;
    put(&hub, "current".into(), Some((1, Some(own)))).await;
    put(&hub, "odd".into(), Some((1, Some("nightly")))).await;
    let gone = put(&hub, "revoked".into(), Some((90, Some("0.0.1")))).await;
    hub.app.hub.store.revoke_client(hub.clock.now(), &Actor::new("test"), &Name::parse("revoked").unwrap()).await.unwrap();
    assert!(gone.0 > 0);
    let _sol = hub.agent("sol").await;
    until("sol is listed", async || hub.get("/api/clients?filter=online").await["total"] == 1).await;
    let table: [(&str, &[&str]); 7] = [
        ("all", &["current", "legacy", "never", "odd", "old", "sol"]),
        ("online", &["sol"]),
        ("offline", &["current", "legacy", "never", "odd", "old"]),
        ("silent", &["old"]),
        ("outdated", &["old"]),
        ("important", &[]),
        ("disputed", &[]),
    ];
    let counts = hub.get("/api/client-counts").await;
    for (filter, expected) in table {
        let page = hub.get(&format!("/api/clients?filter={filter}")).await;
        assert_eq!(names(&page), expected, "{filter}");
        assert_eq!((&page["total"], &counts[filter]), (&json!(expected.len()), &json!(expected.len())), "{filter}");
    }
    let legacy = hub.get("/api/clients?filter=legacy").await;
    assert!(names(&legacy).contains(&"legacy".to_owned()));
    assert_eq!(legacy["total"], counts["legacy"]);
    assert_eq!(names(&hub.get("/api/clients?online=false&search=OL").await), ["old"], "as it always was");
    hub.clock.advance(31 * DAY_MS);
}

#[tokio::test]
async fn what_makes_no_sense_in_a_question_is_named() {
    let hub = TestHub::start().await;
    let long = "x".repeat(201);
    let table = [
        ("cursor=%25%25".to_owned(), "cursor"),
        ("sort=seen&cursor=YWJj".to_owned(), "cursor"),
        ("silent_days=0".to_owned(), "silent_days"),
        ("silent_days=4000".to_owned(), "silent_days"),
        (format!("search={long}"), "search"),
    ];
    for (query, field) in table {
        let answer = hub.admin.get(&format!("/api/clients?{query}")).await.unwrap();
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{query}");
    }
    for query in ["filter=banana", "sort=banana", "silent_days=-1", "limit=x"] {
        assert_eq!(hub.admin.get(&format!("/api/clients?{query}")).await.unwrap().status, 400, "{query}");
    }
    for name in ["nobody", "%00", "%20"] {
        let status = hub.admin.get(&format!("/api/clients/{name}")).await.unwrap().status;
        assert!([404, 422].contains(&status), "{name}: {status}");
    }
}

#[tokio::test]
async fn one_client_is_shown_with_its_groups_what_waits_and_its_history() {
    let hub = TestHub::start().await;
    put(&hub, "Peñón 1".into(), Some((3, Some("0.0.1")))).await;
    for number in 0..4 {
        put(&hub, "Peñón 1".into(), Some((number, Some("0.0.1")))).await;
    }
    hub.admin.post("/api/groups", &json!({"name": "Sur", "members": ["PEÑÓN 1"]})).await.unwrap().expect(201).unwrap();
    hub.send_all("info", "later").await;
    let severe = hub.send_all("critical", "fire").await;
    let shown = hub.get("/api/clients/pe%C3%B1%C3%B3n%201").await;
    assert_eq!((&shown["name"], &shown["groups"], &shown["waiting_total"]), (&json!("Peñón 1"), &json!(["Sur"]), &json!(2)));
    assert_eq!((&shown["waiting"][0]["id"], &shown["waiting"][0]["text"]), (&json!(severe), &json!("fire")), "the severest first");
    assert_eq!((&shown["outdated"], &shown["legacy"], &shown["online"]), (&json!(true), &json!(false), &json!(false)));
    let path = "/api/clients/pe%C3%B1%C3%B3n%201/connections";
    assert_eq!(hub.get(path).await["connections"].as_array().unwrap().len(), 5);
    let first = hub.get(&format!("{path}?limit=3")).await;
    let rest = hub.get(&format!("{path}?limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!((first["total"].as_u64(), rest["connections"].as_array().unwrap().len()), (Some(5), 2));
    assert!(rest["next_cursor"].is_null() && first["connections"][0]["reason"] == "left");
    let wrong = hub.admin.get(&format!("{path}?cursor=x")).await.unwrap();
    assert_eq!((wrong.status, wrong.json()["errors"][0]["field"].as_str()), (422, Some("cursor")));
}

#[tokio::test]
async fn a_revoked_client_is_out_within_a_second() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    let waiting = id(&hub.send(json!({"audience": {"kind": "global"}, "text": "x"})).await);
    let began = Instant::now();
    hub.admin.delete("/api/clients/SOL").await.unwrap().expect(204).unwrap();
    assert_eq!(sol.close_code(SOON).await.unwrap(), 4401);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(Agent::connect(&hub.endpoint(), "sol", &key("sol")).await.is_err(), "its key is worth nothing");
    assert_eq!(hub.delivery(&waiting, "sol").await["state"], "undeliverable");
    assert_eq!(hub.admin.get("/api/clients/sol").await.unwrap().status, 404);
}

#[tokio::test]
async fn who_tries_a_name_in_use_is_kept_and_shown_at_the_client() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("Sol").await;
    let (endpoint, key) = (hub.endpoint(), key("Sol"));
    for _ in 0..2 {
        let second = Agent::connect(&endpoint, "SOL", &key);
        let (second, _) = tokio::join!(second, sol.recv(Duration::from_secs(1)));
        assert!(second.is_err(), "the first stays");
    }
    until("it is noted twice", async || hub.get("/api/clients/sol").await["conflicts"][0]["times"] == 2).await;
    let shown = hub.get("/api/clients/sol").await;
    assert_eq!((shown["conflicts"].as_array().unwrap().len(), &shown["conflicts"][0]["address"]), (1, &json!("127.0.0.1")));
    assert!(shown["disputed_at"].is_string());
    assert_eq!(names(&hub.get("/api/clients?filter=disputed").await), ["Sol"]);
    let log = hub.get("/api/logs/actions?text=second%20PC").await;
    assert_eq!(log["actions"].as_array().unwrap().len(), 1, "an agent tries every minute; the log says it once a day: {log}");
}
