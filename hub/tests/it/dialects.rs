//! Doors that speak other tools' dialects, spoken to as those tools speak.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::Method;
use pregon_swarm::http::{Api, Reply};
use serde_json::{Value, json};

use crate::harness::{TestHub, until};

const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Whoever speaks a dialect: a token in whatever place the tool has for it.
struct Tool {
    api: Api,
    token: String,
}

impl TestHub {
    async fn tool(&self, scope: &str, more: Value) -> Tool {
        let mut request = json!({"name": format!("tool {scope}"), "scope": scope});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.admin.post("/api/tokens", &request).await.unwrap().expect(201).unwrap();
        Tool { api: Api::new(&self.endpoint()), token: made["token"].as_str().unwrap().to_owned() }
    }

    async fn last_event(&self) -> Value {
        self.get("/api/events?limit=1").await["events"][0].clone()
    }

    async fn standing(&self) -> Vec<Value> {
        let alerts = self.get("/api/alerts").await["alerts"].as_array().unwrap().clone();
        alerts.into_iter().filter(|alert| alert.get("withdrawn_at").is_none()).collect()
    }
}

impl Tool {
    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.api.raw(method, path, headers, Bytes::from(body.to_owned())).await.unwrap()
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("anybody:{}", self.token)))
    }
}

#[tokio::test]
async fn ntfy_takes_a_message_in_every_way_its_clients_send_it() {
    let hub = TestHub::start().await;
    let ntfy = hub.tool("ntfy", json!({})).await;
    let (bearer, basic) = (ntfy.bearer(), ntfy.basic());
    let root = r#"{"topic":"backups","message":"done","title":"NAS","priority":4,"tags":["floppy_disk"]}"#;
    let reply = ntfy.ask(Method::POST, "/", &[("authorization", &bearer), JSON], root).await.expect(200).unwrap();
    assert_eq!((reply["event"].as_str(), reply["topic"].as_str(), reply["priority"].as_i64()), (Some("message"), Some("backups"), Some(4)));
    let event = hub.last_event().await;
    assert_eq!(
        (event["channel"].as_str(), event["severity"].as_str(), event["message"].as_str()),
        (Some("ntfy"), Some("error"), Some("NAS: done"))
    );

    let put = [("authorization", basic.as_str()), ("Title", "=?UTF-8?B?UHJlZ8Ozbg==?="), ("Tags", "warning")];
    ntfy.ask(Method::PUT, "/backups", &put, "disk 90 %\n").await.expect(200).unwrap();
    let event = hub.last_event().await;
    assert_eq!((event["severity"].as_str(), event["message"].as_str()), (Some("warning"), Some("Pregón: disk 90 %")));

    let address = format!("/backups/trigger?message=from+an+address&prio=1&token={}", ntfy.token);
    ntfy.ask(Method::GET, &address, &[], "").await.expect(200).unwrap();
    assert_eq!(hub.last_event().await["message"], "from an address");

    let file = "/backups?filename=plan.pdf&title=Plan&message=read+it";
    ntfy.ask(Method::POST, file, &[("authorization", &bearer)], "%PDF-1.7 …").await.expect(200).unwrap();
    assert_eq!(hub.last_event().await["message"], "Plan: read it");
}

#[tokio::test]
async fn ntfy_refuses_in_its_own_words() {
    let hub = TestHub::start().await;
    let ntfy = hub.tool("ntfy", json!({})).await;
    let gotify = hub.tool("gotify", json!({})).await;
    let (bearer, other) = (ntfy.bearer(), gotify.bearer());
    let table = [
        (vec![], "/", "{}", 401, 40_101),
        (vec![("authorization", "Bearer wrong")], "/backups", "x", 401, 40_101),
        (vec![("authorization", other.as_str())], "/backups", "x", 403, 40_301),
        (vec![("authorization", bearer.as_str())], "/", "no json", 400, 40_024),
        (vec![("authorization", bearer.as_str())], "/", r#"{"topic":"a b"}"#, 400, 40_024),
        (vec![("authorization", bearer.as_str()), ("x-delay", "10m")], "/backups", "x", 400, 40_024),
        (vec![("authorization", bearer.as_str()), ("x-priority", "loud")], "/backups", "x", 400, 40_024),
    ];
    for (headers, path, body, status, code) in table {
        let reply = ntfy.ask(Method::POST, path, &headers, body).await.expect(status).unwrap();
        assert_eq!(reply["code"], code, "{path} {body}");
    }
    let large = "x".repeat(3 * 1024 * 1024);
    let reply = ntfy.ask(Method::POST, "/backups", &[("authorization", &bearer)], &large).await;
    assert_eq!(reply.status, 413);
    assert_eq!(hub.get("/api/events").await["total"], 0);
    assert_eq!(ntfy.ask(Method::GET, "/v1/health", &[], "").await.expect(200).unwrap(), json!({"healthy": true}));
    let account = ntfy.ask(Method::GET, "/v1/account", &[("authorization", &bearer)], "").await.expect(200).unwrap();
    assert_eq!(account["username"], "tool ntfy");
    assert_eq!(ntfy.ask(Method::GET, "/v1/account", &[], "").await.status, 401);
    // Pages stay pages, and what is neither stays unknown.
    assert_eq!(ntfy.ask(Method::GET, "/", &[], "").await.status, 200);
    assert_eq!(ntfy.ask(Method::POST, "/api", &[("authorization", &bearer)], "x").await.status, 405);
}

#[tokio::test]
async fn what_a_bound_token_escalates_reaches_its_group_and_its_words_mean_what_it_says() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol", "Luna"]).await;
    hub.admin.post("/api/groups", &json!({"name": "Norte", "members": ["Sol"]})).await.unwrap().expect(201).unwrap();
    let ntfy = hub.tool("ntfy", json!({"group": "norte", "severities": {"4": "critical"}})).await;
    let bearer = ntfy.bearer();
    ntfy.ask(Method::POST, "/fridges", &[("authorization", &bearer), ("X-Priority", "high"), ("X-Title", "Fridge")], "11 °C")
        .await
        .expect(200)
        .unwrap();
    let alerts = hub.standing().await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["audience"], json!([{"kind": "group", "name": "Norte"}]));
    assert_eq!(
        (alerts[0]["title"].as_str(), alerts[0]["text"].as_str(), alerts[0]["counts"]["recipients"].as_u64()),
        (Some("Fridge"), Some("11 °C"), Some(1))
    );
}

#[tokio::test]
async fn a_sequence_of_ntfy_is_one_incident_and_its_deletion_ends_it() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    let ntfy = hub.tool("ntfy", json!({})).await;
    let bearer = ntfy.bearer();
    for text in ["11 °C", "12 °C"] {
        let headers = [("authorization", bearer.as_str()), ("X-Priority", "5"), ("X-Sequence-ID", "fridge-3")];
        ntfy.ask(Method::POST, "/fridges", &headers, text).await.expect(200).unwrap();
    }
    assert_eq!(hub.standing().await.len(), 1);
    ntfy.ask(Method::DELETE, "/fridges/fridge-3", &[("authorization", &bearer)], "").await.expect(200).unwrap();
    assert!(hub.standing().await.is_empty());
}

#[tokio::test]
async fn a_phone_that_follows_a_group_hears_what_reaches_it_and_what_is_withdrawn() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    hub.admin.post("/api/groups", &json!({"name": "Zona Norte", "members": ["Sol"]})).await.unwrap().expect(201).unwrap();
    let phone = hub.tool("ntfy", json!({"group": "Zona Norte"})).await;
    let bearer = phone.bearer();
    let poll = async |path: &str| {
        let reply = phone.ask(Method::GET, path, &[("authorization", &bearer)], "").await;
        assert_eq!(reply.status, 200, "{path}");
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        body.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    };
    let all = hub.send_all("critical", "for everybody").await;
    hub.send(json!({"audience": {"kind": "group", "name": "zona norte"}, "text": "for the north"})).await;
    hub.send(json!({"audience": {"kind": "private", "name": "Sol"}, "text": "for Sol alone"})).await;
    let lines = poll("/zona-norte/json?poll=1").await;
    let texts: Vec<_> = lines.iter().map(|line| (line["message"].as_str().unwrap(), line["priority"].as_i64().unwrap())).collect();
    assert_eq!(texts, [("for everybody", 5), ("for the north", 3)]);
    assert_eq!(poll(&format!("/zona-norte/json?poll=1&since={all}")).await.len(), 1);
    assert_eq!(phone.ask(Method::GET, "/all/json?poll=1", &[("authorization", &bearer)], "").await.status, 403);
    assert_eq!(phone.ask(Method::GET, "/zona-norte/json?poll=1", &[], "").await.status, 401);
    assert_eq!(phone.ask(Method::GET, "/zona-norte/auth", &[("authorization", &bearer)], "").await.expect(200).unwrap()["success"], true);
    hub.admin.post(&format!("/api/alerts/{all}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    assert_eq!(poll("/zona-norte/json?poll=1").await.len(), 1);
}

#[tokio::test]
async fn a_stream_says_what_is_new_as_it_comes() {
    let hub = TestHub::start().await;
    let phone = hub.tool("ntfy", json!({})).await;
    let mut stream = phone.api.stream(&format!("/all/sse?token={}", phone.token)).await.unwrap();
    assert!(stream.until("event: open").await.unwrap().contains("\"topic\":\"all\""));
    let id = hub.send_all("warning", "close the fridge").await;
    assert!(stream.until("\n\n").await.unwrap().contains("close the fridge"));
    hub.admin.post(&format!("/api/alerts/{id}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    assert!(stream.until("message_delete").await.unwrap().contains(&id));
}

#[tokio::test]
async fn gotify_is_answered_as_by_a_gotify_server() {
    let hub = TestHub::start().await;
    let gotify = hub.tool("gotify", json!({})).await;
    assert!(gotify.token.len() == 15 && gotify.token.starts_with('A'));
    let body = r#"{"title":"PVE","message":"backup failed","priority":8,"extras":{"client::display":{"contentType":"text/plain"}}}"#;
    let path = format!("/message?token={}", gotify.token);
    let reply = gotify.ask(Method::POST, &path, &[JSON], body).await.expect(200).unwrap();
    assert!(reply["id"].is_u64() && reply["appid"].is_u64() && reply["extras"].is_object(), "{reply}");
    assert_eq!(hub.last_event().await["severity"], "error");
    gotify
        .ask(Method::POST, "/message", &[("x-gotify-key", &gotify.token), FORM], "message=hola+%C3%B1&priority=5")
        .await
        .expect(200)
        .unwrap();
    let event = hub.last_event().await;
    assert_eq!((event["severity"].as_str(), event["message"].as_str()), (Some("warning"), Some("hola ñ")));
    let parts = "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nby curl\r\n--B--\r\n";
    let kind = ("content-type", "multipart/form-data; boundary=B");
    gotify.ask(Method::POST, &path, &[kind], parts).await.expect(200).unwrap();
    assert_eq!(hub.last_event().await["message"], "by curl");
    let refused = gotify.ask(Method::POST, "/message?token=AAAAAAAAAAAAAAA", &[JSON], body).await.expect(401).unwrap();
    assert_eq!(refused["errorCode"], 401);
    assert_eq!(gotify.ask(Method::POST, &path, &[JSON], "{}").await.expect(400).unwrap()["error"], "Bad Request");
    let ntfy = hub.tool("ntfy", json!({})).await;
    assert_eq!(gotify.ask(Method::POST, &format!("/message?token={}", ntfy.token), &[JSON], body).await.status, 403);
}

#[tokio::test]
async fn webhooks_of_alertmanager_and_grafana_raise_and_resolve() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    let tool = hub.tool("events", json!({})).await;
    let bearer = tool.bearer();
    let notification = |status: &str| {
        json!({"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 2, "status": status, "receiver": "pregon", "externalURL": "http://am",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "orgId": 1, "state": "alerting",
            "alerts": [{"status": status, "fingerprint": "c0ffee", "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
                "labels": {"alertname": "FridgeWarm", "severity": "critical", "instance": "sol"},
                "annotations": {"summary": "The fridge is warm", "description": "11 °C"}, "silenceURL": "x", "values": {"A": 11}}]})
        .to_string()
    };
    for (path, channel) in [("/hooks/alertmanager", "alertmanager"), ("/hooks/grafana", "grafana")] {
        tool.ask(Method::POST, path, &[("authorization", &bearer), JSON], &notification("firing")).await.expect(200).unwrap();
        let alerts = hub.standing().await;
        assert_eq!((alerts.len(), alerts[0]["title"].as_str(), alerts[0]["text"].as_str()), (1, Some("The fridge is warm"), Some("11 °C")));
        assert!(hub.last_event().await["message"].as_str().unwrap().contains("2 more alerts"));
        tool.ask(Method::POST, path, &[("authorization", &bearer), JSON], &notification("resolved")).await.expect(200).unwrap();
        assert!(hub.standing().await.is_empty());
        assert_eq!(hub.last_event().await["channel"], channel);
    }
    assert_eq!(tool.ask(Method::POST, "/hooks/grafana", &[("authorization", &bearer), JSON], "[]").await.status, 422);
    assert_eq!(tool.ask(Method::POST, "/hooks/grafana", &[JSON], &notification("firing")).await.status, 401);
}

#[tokio::test]
async fn alertmanager_is_told_to_come_back_where_it_would_drop() {
    let hub = TestHub::with(&[("PREGON_LIMITS_EVENTS_PER_SOURCE", "1")]).await;
    let tool = hub.tool("events", json!({})).await;
    let bearer = tool.bearer();
    let alerts: Vec<Value> =
        (0..12).map(|n| json!({"status": "firing", "fingerprint": n.to_string(), "labels": {"alertname": "X"}})).collect();
    let body = json!({"alerts": alerts}).to_string();
    let reply = tool.ask(Method::POST, "/hooks/alertmanager", &[("authorization", &bearer), JSON], &body).await;
    assert_eq!(reply.status, 503);
}

#[tokio::test]
async fn an_alert_that_prometheus_repeats_is_one_event_until_it_ends() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    let tool = hub.tool("events", json!({})).await;
    let bearer = tool.bearer();
    let headers = [("authorization", bearer.as_str()), JSON];
    let body = json!([{"labels": {"alertname": "DiskFull", "severity": "critical"}, "annotations": {"summary": "disk"},
        "startsAt": "2026-01-01T00:00:00Z", "generatorURL": "http://prom"}])
    .to_string();
    for _ in 0..3 {
        assert_eq!(tool.ask(Method::POST, "/api/v2/alerts", &headers, &body).await.status, 200);
    }
    assert_eq!(hub.get("/api/events").await["total"], 1);
    let list = tool.ask(Method::GET, "/api/v2/alerts?filter=alertname%3D%22DiskFull%22", &headers, "").await.expect(200).unwrap();
    assert_eq!((list[0]["labels"]["severity"].as_str(), list[0]["status"]["state"].as_str()), (Some("critical"), Some("active")));
    let none = tool.ask(Method::GET, "/api/v2/alerts?filter=alertname%3D~%22Mem.*%22", &headers, "").await.expect(200).unwrap();
    assert_eq!(none, json!([]));
    // Nobody repeats it any more.
    hub.clock.advance(6 * 60 * 1_000);
    until("the alert ended", async || hub.standing().await.is_empty()).await;
    assert_eq!(hub.get("/api/events").await["total"], 2);
    assert_eq!(tool.ask(Method::GET, "/api/v2/alerts", &headers, "").await.expect(200).unwrap(), json!([]));
    assert_eq!(tool.ask(Method::POST, "/api/v2/alerts", &headers, "[{}]").await.status, 422);
    assert!(tool.ask(Method::GET, "/api/v2/status", &headers, "").await.expect(200).unwrap()["versionInfo"]["version"].is_string());
}

#[tokio::test]
async fn apprise_uptime_kuma_and_goalert_are_understood() {
    let hub = TestHub::start().await;
    let tool = hub.tool("events", json!({})).await;
    let basic = tool.basic();
    let auth = ("authorization", basic.as_str());
    let post = async |path: &str, headers: &[(&str, &str)], body: &str, status: u16| {
        let reply = tool.ask(Method::POST, path, headers, body).await;
        assert_eq!(reply.status, status, "{path}: {}", String::from_utf8_lossy(&reply.body));
        let event = hub.last_event().await;
        let text = |field: &str| event[field].as_str().unwrap().to_owned();
        (text("channel"), text("severity"), text("message"))
    };
    let said = |channel: &str, severity: &str, message: &str| (channel.to_owned(), severity.to_owned(), message.to_owned());
    let apprise = r#"{"version":"1.0","title":"Backup","message":"failed","attachments":[{"base64":"AA=="}],"type":"failure"}"#;
    assert_eq!(post("/hooks/apprise", &[auth, JSON], apprise, 200).await, said("apprise", "error", "Backup: failed"));
    let path = format!("/notify/{}", tool.token);
    assert_eq!(post(&path, &[FORM], "title=T&body=b&type=warning", 200).await, said("apprise", "warning", "T: b"));
    let id = [("x-apprise-config-id", tool.token.as_str()), JSON];
    assert_eq!(post("/notify", &id, r#"{"body":"b2","type":"info"}"#, 200).await, said("apprise", "info", "b2"));
    assert_eq!(tool.ask(Method::POST, "/hooks/apprise", &[auth, JSON], "{}").await.status, 400);

    let down =
        r#"{"heartbeat":{"monitorID":7,"status":0,"msg":"timeout"},"monitor":{"id":7,"name":"Web","url":"https://w"},"msg":"[Web] Down"}"#;
    assert_eq!(post("/hooks/uptime-kuma", &[auth, JSON], down, 200).await, said("uptime_kuma", "error", "Web: timeout"));
    let test = r#"{"heartbeat":null,"monitor":null,"msg":"My Notification Testing"}"#;
    assert_eq!(post("/hooks/uptime-kuma", &[auth, JSON], test, 200).await, said("uptime_kuma", "info", "My Notification Testing"));

    let path = format!("/api/v2/generic/incoming?token={}", tool.token);
    let alert = "summary=Disk&details=90+%25&dedup=d1&meta=team%3Dred&meta=site%3Dsol";
    assert_eq!(post(&path, &[FORM], alert, 204).await, said("goalert", "error", "Disk: 90 %"));
    let path = format!("/api/v2/heartbeat/nightly?token={}", tool.token);
    assert_eq!(post(&path, &[], "", 204).await, said("goalert", "info", "nightly: heartbeat"));
}

#[tokio::test]
async fn no_dialect_panics_or_takes_what_makes_no_sense() {
    let hub = TestHub::start().await;
    let tool = hub.tool("events", json!({})).await;
    let bearer = tool.bearer();
    let doors = [
        "/hooks/alertmanager",
        "/hooks/grafana",
        "/hooks/uptime-kuma",
        "/hooks/apprise",
        "/message",
        "/notify",
        "/",
        "/topic",
        "/api/v2/alerts",
        "/api/v2/generic/incoming",
    ];
    let bodies =
        ["", "null", "0", "[]", "[null]", "{\"alerts\":[null]}", "{\"labels\":{\"a\":{}}}", "\u{0}", "{\"message\":{\"deep\":[[[[]]]]}}"];
    let kinds = ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "a/b"];
    for door in doors {
        for body in bodies {
            for kind in kinds {
                let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
                let status = tool.ask(Method::POST, door, &headers, body).await.status;
                assert!(status < 500, "{door} {kind} {body:?}: {status}");
            }
        }
    }
}
