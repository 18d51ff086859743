//! What belongs to one person, group or program, asked for by another: each row says what the stranger and the owner hear.

use hyper::Method;
use pregon_swarm::http::Api;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestHub, id};

/// A request that the stranger may not make, and the owner may.
struct Row {
    what: &'static str,
    method: Method,
    path: String,
    body: Value,
    /// What the stranger hears: 404 where even its existence is none of their business.
    stranger: u16,
    owner: u16,
}

fn row(what: &'static str, request: &str, body: Value, stranger: u16, owner: u16) -> Row {
    let (method, path) = request.split_once(' ').unwrap();
    Row { what, method: method.parse().unwrap(), path: path.to_owned(), body, stranger, owner }
}

/// Two groups of one branch each, and somebody limited to the first.
async fn with_two_groups() -> TestHub {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol", "Luna"]).await;
    for (name, member) in [("Norte", "Sol"), ("Sur", "Luna")] {
        hub.admin.post("/api/groups", &json!({"name": name, "members": [member]})).await.unwrap().expect(201).unwrap();
    }
    hub
}

async fn limited(hub: &TestHub, name: &str, group: &str) -> Api {
    let user = json!({"username": name, "password": PASSWORD, "role": "technician", "limits": {"groups": [group]}});
    hub.admin.post("/api/users", &user).await.unwrap().expect(201).unwrap();
    Api::login(&hub.endpoint(), name, PASSWORD).await.unwrap()
}

fn to_south(more: &Value) -> Value {
    let mut alert = json!({"audience": {"kind": "group", "name": "Sur"}, "text": "for the south"});
    alert.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    alert
}

async fn compare(stranger: &Api, owner: &Api, rows: &[Row]) {
    for Row { what, method, path, body, stranger: refused, owner: allowed } in rows {
        let asked = stranger.request(method.clone(), path, &[], Some(body)).await.unwrap();
        assert_eq!(asked.status, *refused, "{what}, by a stranger: {}", asked.json());
        let asked = owner.request(method.clone(), path, &[], Some(body)).await.unwrap();
        assert_eq!(asked.status, *allowed, "{what}, by its owner: {}", String::from_utf8_lossy(&asked.body));
    }
}

/// Alerts, standing and planned, and what a branch wrote; the last rows end what the first ones need.
async fn of_the_south(hub: &TestHub) -> Vec<Row> {
    let alert = id(&hub.send(to_south(&json!({"severity": "warning"}))).await);
    let planned = to_south(&json!({"send_at": hub.clock.now().plus_millis(3_600_000)}));
    let later = id(&hub.send(planned.clone()).await);
    vec![
        row("a reminder", &format!("POST /api/alerts/{alert}/remind"), json!({}), 403, 200),
        row("a withdrawal", &format!("POST /api/alerts/{alert}/withdraw"), json!({}), 403, 200),
        row("a planned alert changed", &format!("PUT /api/scheduled/{later}"), planned, 403, 200),
        row("a planned alert called off", &format!("DELETE /api/scheduled/{later}"), json!({}), 403, 204),
        row("an alert", "POST /api/alerts", to_south(&json!({})), 403, 201),
    ]
}

#[tokio::test]
async fn a_technician_of_one_group_does_not_touch_what_is_anothers() {
    let hub = with_two_groups().await;
    let (north, south) = (limited(&hub, "nora", "Norte").await, limited(&hub, "susana", "Sur").await);
    let mut rows = of_the_south(&hub).await;
    let alert = id(&hub.send(to_south(&json!({}))).await);
    rows.push(row("a correction", &format!("POST /api/alerts/{alert}/amend"), json!({"text": "other words"}), 403, 201));
    compare(&north, &south, &rows).await;
}

#[tokio::test]
async fn a_token_of_one_group_does_not_touch_what_is_anothers() {
    let hub = with_two_groups().await;
    let token = async |name: &str, group: &str| {
        let asked = json!({"name": name, "scope": "alerts", "group": group});
        let made = hub.admin.post("/api/tokens", &asked).await.unwrap().expect(201).unwrap();
        Api::with_token(&hub.endpoint(), made["token"].as_str().unwrap())
    };
    compare(&token("north", "Norte").await, &token("south", "Sur").await, &of_the_south(&hub).await).await;
}

#[tokio::test]
async fn a_branch_is_answered_by_whoever_may_write_to_it() {
    let hub = with_two_groups().await;
    let (north, south) = (limited(&hub, "nora", "Norte").await, limited(&hub, "susana", "Sur").await);
    let mut luna = hub.connect("Luna").await;
    luna.send_text(&json!({"action": "message", "text": "who has the keys?"}).to_string()).await.unwrap();
    crate::harness::until("the message is there", async || hub.get("/api/messages").await["messages"][0]["id"].is_i64()).await;
    let message = hub.get("/api/messages").await["messages"][0]["id"].clone();
    let rows = [row("an answer", &format!("POST /api/messages/{message}/answer"), json!({"text": "we do"}), 403, 200)];
    compare(&north, &south, &rows).await;
}

#[tokio::test]
async fn a_log_in_is_ended_by_its_own_user_alone() {
    let hub = TestHub::start().await;
    let (ana, marta) = (hub.user("ana", "technician").await, hub.user("marta", "technician").await);
    // A second log-in, so that ending it leaves the first to ask with.
    let second = Api::login(&hub.endpoint(), "marta", PASSWORD).await.unwrap();
    let sessions = second.get("/api/account/sessions").await.unwrap().expect(200).unwrap();
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2, "one's own log-ins alone: {sessions:?}");
    let own = sessions.iter().find(|session| session["current"] == true).unwrap()["id"].as_str().unwrap();
    compare(&ana, &marta, &[row("a log-in", &format!("DELETE /api/account/sessions/{own}"), json!({}), 404, 204)]).await;
    assert_eq!(second.get("/api/session").await.unwrap().status, 401);
}
