//! Programs with tokens: sensors over TLS, events over HTTP, and what each token may do.

use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::Method;
use pregon_swarm::http::{Api, Reply};
use pregon_swarm::sensor::Sensor;
use pregon_swarm::tls::Endpoint;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{PASSWORD, SOON, TestHub};

impl TestHub {
    async fn revoke(&self, id: i64) {
        self.admin.delete(&format!("/api/tokens/{id}")).await.unwrap().expect(204).unwrap();
    }

    fn tls_door(&self) -> Endpoint {
        Endpoint { address: self.listening.events_tls.unwrap(), ..self.endpoint() }
    }

    pub async fn tls_sensor(&self) -> Sensor {
        Sensor::connect_tls(&self.tls_door()).await.unwrap()
    }

    async fn newest(&self) -> Value {
        self.get("/api/events?limit=1").await["events"][0].clone()
    }
}

async fn say(sensor: &mut Sensor, line: Value) -> Value {
    sensor.send(format!("{line}\n").as_bytes()).await.unwrap();
    sensor.answer(SOON).await.unwrap()
}

fn field(reply: &Reply) -> String {
    let problem = reply.expect(422).unwrap();
    problem["errors"][0]["field"].as_str().unwrap_or_else(|| panic!("no field in {problem}")).to_owned()
}

#[tokio::test]
async fn a_token_is_said_once_listed_without_it_and_revoked_at_once() {
    let hub = TestHub::start().await;
    let (id, token) = hub.token("Nagios", "events").await;
    assert_eq!(token.len(), 43, "256 bits in base 64");
    let list = hub.get("/api/tokens").await;
    let row = &list["tokens"][0];
    assert_eq!((row["name"].as_str(), row["scope"].as_str(), row["created_by"].as_str()), (Some("Nagios"), Some("events"), Some("admin")));
    assert!(row.get("last_used_at").is_none() && !list.to_string().contains(&token));

    let program = Api::with_token(&hub.endpoint(), &token);
    program.post("/api/events", &json!({})).await.unwrap().expect(201).unwrap();
    let first = hub.get("/api/tokens").await["tokens"][0]["last_used_at"].clone();
    assert!(first.is_string());
    program.post("/api/events", &json!({})).await.unwrap().expect(201).unwrap();
    assert_eq!(hub.get("/api/tokens").await["tokens"][0]["last_used_at"], first, "noted once a minute");
    hub.clock.advance(61_000);
    program.post("/api/events", &json!({})).await.unwrap().expect(201).unwrap();
    assert_ne!(hub.get("/api/tokens").await["tokens"][0]["last_used_at"], first);

    hub.revoke(id).await;
    program.post("/api/events", &json!({})).await.unwrap().expect(401).unwrap();
    assert_eq!(hub.get("/api/tokens").await, json!({"tokens": []}));
    hub.admin.delete(&format!("/api/tokens/{id}")).await.unwrap().expect(404).unwrap();
    let database = rusqlite::Connection::open(hub.data.path().join("pregon.db")).unwrap();
    let mut rows = database.prepare("select detail from action_log where action like 'token.%' order by seq").unwrap();
    let rows: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows, [format!("made token {id} for Nagios, scope events"), format!("revoked token {id} of Nagios")]);
}

#[tokio::test]
async fn a_token_needs_a_scope_that_does_something_and_a_name_of_its_own() {
    let hub = TestHub::start().await;
    hub.user("ana", "technician").await;
    let (id, _) = hub.token("Nagios", "events").await;
    for scope in ["", "Events", "read"] {
        let reply = hub.admin.post("/api/tokens", &json!({"name": "x", "scope": scope})).await.unwrap();
        assert_eq!(field(&reply), "scope", "{scope}");
        let problem = reply.json();
        assert!(problem.to_string().contains("`events`") && problem.to_string().contains("`alerts`"), "{problem}");
    }
    for binding in [json!({"group": "nobody"}), json!({"scope": "alerts", "group": "G"}), json!({"severities": {"high": "loud"}})] {
        let mut token = json!({"name": "x", "scope": "ntfy"});
        token.as_object_mut().unwrap().extend(binding.as_object().unwrap().clone());
        let status = hub.admin.post("/api/tokens", &token).await.unwrap().status;
        assert!((400..500).contains(&status), "{token}: {status}");
    }
    for name in ["nagios", "ANA", "admin"] {
        hub.admin.post("/api/tokens", &json!({"name": name, "scope": "events"})).await.unwrap().expect(409).unwrap();
    }
    assert_eq!(field(&hub.admin.post("/api/tokens", &json!({"name": "", "scope": "events"})).await.unwrap()), "name");
    let user = json!({"username": "Nagios", "password": PASSWORD, "role": "viewer"});
    hub.admin.post("/api/users", &user).await.unwrap().expect(409).unwrap();
    hub.revoke(id).await;
    hub.token("nagios", "alerts").await;
}

#[tokio::test]
async fn a_program_sends_under_its_own_name() {
    let hub = TestHub::start().await;
    let program = Api::with_token(&hub.endpoint(), &hub.token("rota", "alerts").await.1);
    program.post("/api/alerts", &json!({"audience": {"kind": "global"}, "text": "x"})).await.unwrap().expect(201).unwrap();
    assert_eq!(hub.get("/api/alerts").await["alerts"][0]["from"], "rota");
}

#[tokio::test]
async fn an_event_over_http_is_one_like_a_sensors() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let program = Api::with_token(&hub.endpoint(), &hub.token("Nagios", "events").await.1);
    let body = json!({"source": "disk", "severity": "critical", "message": "full", "id": 7, "dedup_key": "d", "token": "t", "more": [1]});
    let said = program.post("/api/events", &body).await.unwrap().expect(201).unwrap();
    agent.alert(SOON).await.unwrap();
    let again = program.post("/api/events", &body).await.unwrap().expect(201).unwrap();
    assert_eq!(said, again, "a retry gets the first answer");
    let kept = hub.newest().await;
    assert_eq!((&said["event_id"], kept["channel"].as_str(), kept["source"].as_str()), (&kept["id"], Some("http_api"), Some("disk")));
    assert_eq!((&kept["raw_payload"]["more"], kept["raw_payload"].get("token")), (&json!([1]), None));

    program.post("/api/events", &json!({"message": "m"})).await.unwrap().expect(201).unwrap();
    assert_eq!(hub.newest().await["source"], "Nagios", "the token's name stands in");
    hub.user("tec", "technician").await.post("/api/events", &json!({"source": ""})).await.unwrap().expect(201).unwrap();
    assert_eq!(hub.newest().await["source"], "tec");
    // As curl sends it without being told a content type.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let pretty = Bytes::from_static(b"\n {\n \"message\": \"pretty\"\n}\n");
    program.raw(Method::POST, "/api/events", &form, pretty).await.unwrap().expect(201).unwrap();
    assert_eq!(hub.newest().await["raw_payload"], json!({"message": "pretty"}));
}

#[tokio::test]
async fn many_events_at_once_are_recorded_all_or_none() {
    let hub = TestHub::start().await;
    let program = Api::with_token(&hub.endpoint(), &hub.token("Nagios", "events").await.1);
    let post = async |body: Value| program.post("/api/events", &body).await.unwrap();
    let said = post(json!([{"message": "a"}, {}, {"message": "c"}])).await.expect(201).unwrap();
    let ids: Vec<i64> = said["event_ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
    assert!(ids.len() == 3 && ids.is_sorted(), "{said}");
    assert_eq!(post(json!([{}])).await.expect(201).unwrap()["event_ids"].as_array().unwrap().len(), 1);
    let many: Vec<Value> = (0..500).map(|number| json!({"message": number.to_string()})).collect();
    assert_eq!(post(json!(many)).await.expect(201).unwrap()["event_ids"].as_array().unwrap().len(), 500);

    let before = hub.get("/api/stats").await["total_events"].clone();
    let table = [
        (json!([{}, {"message": 7}]), "[1].message"),
        (json!([{}, [], {}]), "[1]"),
        (json!({"resolved": "yes"}), "resolved"),
        (json!({"id": ""}), "id"),
        (json!("text"), "body"),
        (json!([]), "body"),
        (json!(vec![json!({}); 501]), "body"),
        (json!({"message": "x".repeat(17 * 1024)}), "body"),
        (json!([{"message": "x".repeat(17 * 1024)}]), "[0]"),
    ];
    for (body, expected) in table {
        assert_eq!(field(&post(body).await), expected);
    }
    for nonsense in ["nonsense", "[{}", "{} {}", ""] {
        program.raw(Method::POST, "/api/events", &[], Bytes::from(nonsense)).await.unwrap().expect(400).unwrap();
    }
    let large = program.raw(Method::POST, "/api/events", &[], Bytes::from(" ".repeat(300 * 1024))).await.unwrap();
    assert_eq!(large.expect(413).unwrap()["type"], "/problems/unreadable");
    assert_eq!(hub.get("/api/stats").await["total_events"], before);
}

#[tokio::test]
async fn the_doors_are_said_in_ready_json_and_config() {
    let hub = TestHub::start().await;
    let address = hub.listening.events_tls.unwrap().to_string();
    let ready: Value = serde_json::from_slice(&std::fs::read(hub.data.path().join("ready.json")).unwrap()).unwrap();
    assert_eq!((ready["events_tls"].as_str(), hub.get("/api/config").await["events_tls"].as_str()), (Some(&*address), Some(&*address)));

    let hub = TestHub::with(&[("PREGON_EVENTS_TLS_LISTEN", "")]).await;
    let ready: Value = serde_json::from_slice(&std::fs::read(hub.data.path().join("ready.json")).unwrap()).unwrap();
    assert!(ready.get("events_tls").is_none() && hub.get("/api/config").await.get("events_tls").is_none());
}

#[tokio::test]
async fn a_sensor_over_tls_says_its_token_in_each_line_or_in_the_first() {
    let hub = TestHub::start().await;
    let (_, token) = hub.token("Fridge", "events").await;
    let mut sensor = hub.tls_sensor().await;
    for line in [json!({"source": "f3", "token": token}), json!({"source": "f3", "token": token})] {
        assert_eq!(say(&mut sensor, line).await["ok"], true);
    }
    let kept = hub.newest().await;
    assert_eq!((kept["channel"].as_str(), kept["source"].as_str()), (Some("tcp_tls"), Some("f3")));
    assert_eq!(kept["raw_payload"].get("token"), None);
    assert_eq!(say(&mut sensor, json!({"message": "no source, no token"})).await["ok"], true);
    assert_eq!(hub.newest().await["source"], "Fridge");

    let mut sensor = hub.tls_sensor().await;
    let lines: String = std::iter::once(json!({"token": token}))
        .chain((1..1_500).map(|n| json!({"message": n.to_string()})))
        .map(|line| format!("{line}\n"))
        .collect();
    sensor.send(lines.as_bytes()).await.unwrap();
    let mut last = 0;
    for _ in 0..1_500 {
        let id = sensor.answer(SOON).await.unwrap()["event_id"].as_i64().unwrap();
        assert!(id > last, "in order");
        last = id;
    }
    assert_eq!(hub.newest().await["message"], "1499");
}

#[tokio::test]
async fn without_a_good_token_a_line_over_tls_is_refused_and_the_fifth_ends_the_connection() {
    let hub = TestHub::start().await;
    let (_, good) = hub.token("Fridge", "events").await;
    let (_, other) = hub.token("Rota", "alerts").await;
    let session = hub.user("tec", "technician").await.token().unwrap().to_owned();
    let mut sensor = hub.tls_sensor().await;
    for bad in [json!({}), json!({"token": "wrong"}), json!({"token": other}), json!({"token": session})] {
        let answer = say(&mut sensor, bad).await;
        assert_eq!((&answer["ok"], answer["error"].as_str()), (&json!(false), Some("unauthorized")), "{answer}");
    }
    assert_eq!(say(&mut sensor, json!({"token": good})).await["ok"], true, "four are forgiven");
    assert_eq!(say(&mut sensor, json!({"token": "wrong"})).await["error"], "unauthorized");
    assert_eq!(say(&mut sensor, json!({})).await["ok"], true, "the connection's own token still counts");

    let mut sensor = hub.tls_sensor().await;
    sensor.send("{}\n".repeat(20).as_bytes()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(sensor.answer(SOON).await.unwrap()["error"], "unauthorized");
    }
    assert!(sensor.answer_or_end(SOON).await.unwrap().is_none(), "closed after five, with TLS's own goodbye");
    assert_eq!(hub.get("/api/stats").await["total_events"], 2);
}

#[tokio::test]
async fn a_token_revoked_in_the_middle_ends_within_ten_seconds() {
    let hub = TestHub::start().await;
    let (id, token) = hub.token("Fridge", "events").await;
    let mut sensor = hub.tls_sensor().await;
    assert_eq!(say(&mut sensor, json!({"token": token})).await["ok"], true);
    hub.revoke(id).await;
    hub.clock.advance(10_000);
    for line in [json!({}), json!({"token": token})] {
        assert_eq!(say(&mut sensor, line).await["error"], "unauthorized");
    }
    let (_, fresh) = hub.token("Fridge", "events").await;
    assert_eq!(say(&mut sensor, json!({"token": fresh})).await["ok"], true, "another token is as good as the first was");
}

#[tokio::test]
async fn the_plain_port_needs_no_token_but_refuses_a_wrong_one() {
    let hub = TestHub::start().await;
    let (id, token) = hub.token("Fridge", "events").await;
    let mut sensor = hub.sensor().await;
    for _ in 0..10 {
        assert_eq!(say(&mut sensor, json!({"token": "wrong"})).await["error"], "unauthorized");
    }
    assert_eq!(say(&mut sensor, json!({})).await["ok"], true);
    assert_eq!(hub.newest().await["source"], "127.0.0.1");
    assert_eq!(say(&mut sensor, json!({"token": token})).await["ok"], true);
    let kept = hub.newest().await;
    assert_eq!((kept["source"].as_str(), kept["channel"].as_str()), (Some("Fridge"), Some("tcp_socket")));
    hub.revoke(id).await;
    hub.clock.advance(10_000);
    assert_eq!(say(&mut sensor, json!({"token": token})).await["error"], "unauthorized");
    assert_eq!(say(&mut sensor, json!({})).await["ok"], true, "the network is trusted all the same");
    assert_eq!(hub.newest().await["source"], "127.0.0.1");
}

#[tokio::test]
async fn a_handshake_that_never_comes_is_dropped_and_strangers_take_no_place_of_others() {
    let hub = TestHub::with(&[("PREGON_LIMITS_SENSOR_CONNECTIONS", "4")]).await;
    let (_, token) = hub.token("Fridge", "events").await;
    let began = Instant::now();
    let mut silent = TcpStream::connect(hub.listening.events_tls.unwrap()).await.unwrap();
    // Two of four places at most for an address that has proved nothing: one is the silent peer's.
    let mut proved = Vec::new();
    for _ in 0..3 {
        let mut sensor = hub.tls_sensor().await;
        assert_eq!(say(&mut sensor, json!({"token": token})).await["ok"], true);
        proved.push(sensor);
    }
    let _stranger = hub.tls_sensor().await;
    let mut beyond = TcpStream::connect(hub.listening.events_tls.unwrap()).await.unwrap();
    let read = tokio::time::timeout(Duration::from_secs(5), beyond.read(&mut [0])).await.expect("it is closed at once");
    assert!(matches!(read, Ok(0) | Err(_)));
    drop(proved);
    let ended = tokio::time::timeout(Duration::from_secs(20), silent.read(&mut [0])).await.expect("still open after 20 s");
    assert!(matches!(ended, Ok(0) | Err(_)) && began.elapsed() > Duration::from_secs(5), "it had its time");
}

#[tokio::test]
async fn garbage_at_the_tls_door_disturbs_nobody_and_long_lines_end_there_too() {
    let hub = TestHub::start().await;
    let (_, token) = hub.token("Fridge", "events").await;
    let mut open = Vec::new();
    for number in 0..100_u32 {
        let mut stream = TcpStream::connect(hub.listening.events_tls.unwrap()).await.unwrap();
        // The hub may hang up in the middle.
        let _ = stream.write_all(&number.to_be_bytes().repeat(100)).await;
        open.push(stream);
    }
    let mut sensor = hub.tls_sensor().await;
    assert_eq!(say(&mut sensor, json!({"token": token})).await["ok"], true);
    sensor.send(format!("nonsense\n{}\n", "x".repeat(17 * 1024)).as_bytes()).await.unwrap();
    assert_eq!(sensor.answer(SOON).await.unwrap()["error"], "invalid_json");
    assert_eq!(sensor.answer(SOON).await.unwrap()["error"], "line_too_long");
    assert!(sensor.answer_or_end(SOON).await.unwrap().is_none());
}

#[tokio::test]
async fn a_password_is_no_token() {
    let hub = TestHub::start().await;
    for wrong in [PASSWORD, "admin", ""] {
        let program = Api::with_token(&hub.endpoint(), wrong);
        program.post("/api/events", &json!({})).await.unwrap().expect(401).unwrap();
    }
}

#[tokio::test]
async fn a_source_that_floods_is_told_so_and_disturbs_no_other() {
    let hub = TestHub::with(&[("PREGON_LIMITS_EVENTS_PER_SOURCE", "1")]).await;
    let (_, token) = hub.token("Fridge", "events").await;
    let mut sensor = hub.tls_sensor().await;
    let flood: String = (0..30).map(|_| format!("{}\n", json!({"source": "loud", "token": token}))).collect();
    sensor.send(flood.as_bytes()).await.unwrap();
    let mut recorded = 0;
    for number in 0..30 {
        let answer = sensor.answer(SOON).await.unwrap();
        recorded += usize::from(answer["ok"] == true);
        assert!(answer["ok"] == true || (number >= 10 && answer["error"] == "rate_limited"), "{number}: {answer}");
    }
    assert!((10..20).contains(&recorded), "{recorded} of 30");
    assert_eq!(say(&mut sensor, json!({"source": "calm"})).await["ok"], true);

    let program = Api::with_token(&hub.endpoint(), &token);
    let reply = program
        .post("/api/events", &json!([{"source": "batch"}, {"source": "loud"}, {"source": "loud"}, {"source": "loud"}]))
        .await
        .unwrap();
    let problem = reply.expect(429).unwrap();
    assert_eq!((problem["type"].as_str(), reply.headers.get("retry-after").is_some()), (Some("/problems/rate-limited"), true), "{problem}");
    assert_eq!(hub.get("/api/stats").await["total_events"], recorded + 1, "none of the batch was recorded");
}

#[tokio::test]
async fn plain_lines_from_this_machine_are_free_unless_they_shall_not_be() {
    let total = ("PREGON_LIMITS_EVENTS_TOTAL", "1");
    for (loopback, recorded) in [("free", 100..101), ("limited", 10..40)] {
        let hub = TestHub::with(&[total, ("PREGON_LIMITS_EVENTS_ON_LOOPBACK", loopback)]).await;
        let mut sensor = hub.sensor().await;
        sensor.send("{}\n".repeat(100).as_bytes()).await.unwrap();
        let mut good = 0;
        for _ in 0..100 {
            good += usize::from(sensor.answer(SOON).await.unwrap()["ok"] == true);
        }
        assert!(recorded.contains(&good), "{loopback}: {good}");
    }
}
