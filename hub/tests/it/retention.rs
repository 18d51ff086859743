//! What is deleted by age, what is kept in any case, and that the action log still proves itself.

use pregon_hub::chores::retention::{Forgotten, once};
use pregon_hub::store::{Verification, verify_actions};
use pregon_swarm::http::Api;
use rusqlite::Connection;
use serde_json::{Value, json};
use shared::AlertId;
use shared::wire::to_hub::ReceiptState;

use crate::harness::{PASSWORD, SOON, TestHub, until};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn keep(hub: &TestHub, retention: Value) {
    hub.admin.put("/api/settings", &json!({"retention": retention})).await.unwrap().expect(200).unwrap();
}

/// The log file has all that the database has: what it lacks is never cut.
async fn copied(hub: &TestHub) {
    until("the log is copied", async || hub.app.hub.store.actions_for_file(1).await.unwrap().is_empty()).await;
}

fn chain(hub: &TestHub) -> Verification {
    verify_actions(hub.data.path()).unwrap().unwrap()
}

fn database(hub: &TestHub) -> Connection {
    let database = Connection::open(hub.data.path().join("pregon.db")).unwrap();
    database.busy_timeout(SOON).unwrap();
    database
}

fn count(hub: &TestHub, table: &str) -> i64 {
    database(hub).query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn nothing_is_deleted_until_somebody_says_so() {
    let hub = TestHub::start().await;
    let settings = hub.get("/api/settings").await;
    let kept = ["events_days", "alerts_days", "connections_days", "messages_days", "actions_days"];
    assert!(kept.iter().all(|name| settings["retention"][name].is_null()), "{settings}");
    hub.admin.post("/api/events", &json!({"source": "ups", "message": "on battery"})).await.unwrap();
    hub.clock.advance(5_000 * DAY_MS);
    assert_eq!(once(&hub.app.hub).await.unwrap(), Forgotten::default());
}

#[tokio::test]
async fn settings_that_are_none_are_refused_by_field_and_change_nothing() {
    let hub = TestHub::start().await;
    keep(&hub, json!({"events_days": 30})).await;
    let table = [
        (json!({"retention": {"events_days": 0, "actions_days": 4001}}), vec!["retention.events_days", "retention.actions_days"]),
        (json!({"retention": {"events_days": -1}}), vec!["retention.events_days"]),
        (json!({"retention": {"event_days": 3}}), vec!["retention.event_days"]),
        (json!({"retention": {"events_days": "thirty"}}), vec!["retention.events_days"]),
        (json!({}), vec!["retention"]),
    ];
    for (body, fields) in table {
        let problem = hub.admin.put("/api/settings", &body).await.unwrap();
        let named: Vec<String> =
            problem.json()["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!((problem.status, named), (422, fields.into_iter().map(str::to_owned).collect()), "{body}");
    }
    assert_eq!(hub.get("/api/settings").await["retention"]["events_days"], 30);
    let (logged, saying): (i64, String) = database(&hub)
        .query_row("select count(*), max(detail) from action_log where action = 'settings.change'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(logged, 1);
    assert!(saying.contains("events 30 days, alerts for ever"), "{saying}");
}

#[tokio::test]
async fn what_is_too_old_goes_and_what_stands_or_waits_stays() {
    let mut hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    hub.enrol(&["away", "gone"]).await;
    let over =
        hub.send(json!({"audience": [{"kind": "private", "name": "sol"}, {"kind": "private", "name": "gone"}], "text": "over"})).await;
    let over = over["id"].as_str().unwrap().to_owned();
    let stands = hub.send(json!({"audience": {"kind": "private", "name": "sol"}, "severity": "critical", "text": "stands"})).await;
    let waits = hub.send(json!({"audience": {"kind": "private", "name": "away"}, "severity": "critical", "text": "waits"})).await;
    for id in [over.as_str(), stands["id"].as_str().unwrap()] {
        sol.alert(SOON).await.unwrap();
        let id = AlertId::parse(id).unwrap();
        sol.receipt(id, ReceiptState::Displayed).await.unwrap();
    }
    sol.receipt(AlertId::parse(&over).unwrap(), ReceiptState::Dismissed).await.unwrap();
    hub.until_state(&over, "sol", "dismissed").await;
    hub.until_state(stands["id"].as_str().unwrap(), "sol", "displayed").await;
    hub.admin.delete("/api/clients/gone").await.unwrap();
    for number in 0..1_100 {
        let event = json!({"source": format!("s{}", number % 10), "message": "x"});
        hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    }
    hub.clock.advance(40 * DAY_MS);
    hub.admin = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    hub.admin.post("/api/events", &json!({"source": "ups", "message": "of today"})).await.unwrap().expect(201).unwrap();

    keep_all_for(&hub, 30).await;
    let gone = once(&hub.app.hub).await.unwrap();
    assert_eq!((gone.events, gone.alerts), (1_100, 1), "over, but for a branch that was revoked");
    assert_eq!(count(&hub, "events"), 1);
    assert_eq!(hub.admin.get(&format!("/api/alerts/{over}")).await.unwrap().status, 404);
    for kept in [&stands, &waits] {
        hub.alert(kept["id"].as_str().unwrap()).await;
    }
    assert_eq!(once(&hub.app.hub).await.unwrap(), Forgotten::default(), "a second time there is nothing");
    let said: String =
        database(&hub).query_row("select detail from action_log where action = 'retention.delete'", [], |row| row.get(0)).unwrap();
    assert!(said.contains("1100 events, 0 mails, 1 alerts"), "{said}");
}

#[tokio::test]
async fn what_rules_did_goes_with_its_alerts_and_what_has_a_key_is_raised_anew() {
    let mut hub =
        TestHub::with(&[("PREGON_SMTP_HOST", "127.0.0.1"), ("PREGON_SMTP_PORT", "9"), ("PREGON_SMTP_TO", "ops@example.org")]).await;
    let mut sol = hub.agent("sol").await;
    let down = json!({"source": "router", "severity": "critical", "message": "down", "dedup_key": "router"});
    let oven = json!({"source": "oven", "severity": "critical", "message": "hot", "dedup_key": "oven"});
    hub.admin.post("/api/events", &down).await.unwrap().expect(201).unwrap();
    let over = sol.alert(SOON).await.unwrap().id;
    hub.admin.post("/api/events", &oven).await.unwrap().expect(201).unwrap();
    let stands = sol.alert(SOON).await.unwrap().id;
    sol.receipt(over, ReceiptState::Displayed).await.unwrap();
    sol.receipt(over, ReceiptState::Dismissed).await.unwrap();
    hub.until_state(&over.to_string(), "sol", "dismissed").await;
    assert!(count(&hub, "outgoing") > 0);
    database(&hub).execute("update outgoing set state = 'failed' where subject like '%down%'", []).unwrap();

    hub.clock.advance(40 * DAY_MS);
    hub.admin = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    keep_all_for(&hub, 30).await;
    assert_eq!(once(&hub.app.hub).await.unwrap().alerts, 1);
    hub.alert(&stands.to_string()).await;
    let kept: String =
        database(&hub).query_row("select group_concat(key) from incidents where closed_at is null", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "key:oven", "what stands is still one incident");

    for event in [&oven, &down] {
        hub.admin.post("/api/events", event).await.unwrap().expect(201).unwrap();
    }
    let standing = hub.get("/api/alerts").await["alerts"].as_array().unwrap().len();
    assert_eq!(standing, 2, "the oven joins its alert, the router raises one anew");
}

async fn keep_all_for(hub: &TestHub, days: u32) {
    keep(hub, json!({"events_days": days, "alerts_days": days, "connections_days": days, "messages_days": days})).await;
}

#[tokio::test]
async fn the_action_log_is_cut_and_the_rest_still_proves_itself() {
    let mut hub = TestHub::start().await;
    for number in 0..20 {
        hub.enrol(&[format!("old {number}").as_str()]).await;
    }
    copied(&hub).await;
    let Verification::Whole { rows: before } = chain(&hub) else { panic!("{:?}", chain(&hub)) };
    hub.clock.advance(100 * DAY_MS);
    hub.admin = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    keep(&hub, json!({"actions_days": 90})).await;
    let cut = once(&hub.app.hub).await.unwrap().actions;
    assert!(cut >= 20 && i64::try_from(cut).unwrap() <= before, "{cut} of {before}");
    assert!(matches!(chain(&hub), Verification::Whole { rows } if rows < before), "{:?}", chain(&hub));

    copied(&hub).await;
    hub.clock.advance(100 * DAY_MS);
    assert!(once(&hub.app.hub).await.unwrap().actions > 0, "and cut again");
    assert!(matches!(chain(&hub), Verification::Whole { .. }), "{:?}", chain(&hub));
}

#[tokio::test]
async fn a_head_that_somebody_else_removed_is_found() {
    let hub = TestHub::start().await;
    hub.enrol(&["a", "b", "c"]).await;
    let database = database(&hub);
    database.execute_batch("delete from action_log where seq <= 2").unwrap();
    assert!(matches!(chain(&hub), Verification::Broken { .. }));
    // An anchor made up to fit does not help: no row of the chain says that there was a cut.
    let hash: Vec<u8> = database.query_row("select previous_hash from action_log order by seq limit 1", [], |row| row.get(0)).unwrap();
    database.execute("insert into action_anchor (id, seq, hash) values (1, 2, ?1)", [hash]).unwrap();
    assert!(matches!(chain(&hub), Verification::Broken { seq: 2, .. }), "{:?}", chain(&hub));
}

#[tokio::test]
async fn the_log_of_an_older_hub_is_verified_as_it_is() {
    let hub = TestHub::start().await;
    hub.enrol(&["a", "b"]).await;
    database(&hub).execute_batch("drop table action_anchor").unwrap();
    assert!(matches!(chain(&hub), Verification::Whole { .. }), "{:?}", chain(&hub));
    database(&hub).execute_batch("delete from action_log where seq = 1").unwrap();
    assert!(matches!(chain(&hub), Verification::Broken { .. }), "{:?}", chain(&hub));
}

/// Whoever adds a table that refers to alerts or clients says in `retention.rs` what becomes of its rows.
#[tokio::test]
async fn every_table_that_refers_to_alerts_is_emptied_with_them() {
    const KNOWN: [&str; 2] = ["alert_audiences", "deliveries"];
    let hub = TestHub::start().await;
    let database = database(&hub);
    let mut statement = database
        .prepare("select m.name from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' and f.\"table\" in ('alerts', 'events')
            and f.on_delete <> 'CASCADE'")
        .unwrap();
    let referring: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in referring {
        assert!(KNOWN.contains(&table.as_str()), "{table} refers to alerts or events, and retention does not know it");
    }
}
