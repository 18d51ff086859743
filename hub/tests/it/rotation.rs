//! New keys for agents: at every step a cut, a restart, a repetition; nobody is locked out, and the old key ends as void.

use pregon_hub::chores::keys;
use pregon_hub::store::verify_actions;
use pregon_swarm::agent::Agent;
use pregon_swarm::hub::Process;
use pregon_swarm::tls::Endpoint;
use serde_json::{Value, json};
use shared::secret::Clave;
use shared::wire::to_agent::{Rejection, ToAgent};
use shared::wire::to_hub::{KeyState, NewKey, ReceiptState, ToHub};

use crate::harness::{MOMENT, SOON, TestHub, key};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn new_key(text: &str, state: KeyState) -> ToHub {
    ToHub::NewKey(NewKey { clave: Clave::of_key(text), state })
}

async fn rotation(hub: &TestHub, name: &str) -> String {
    hub.get(&format!("/api/clients/{name}")).await["rotation"]["state"].as_str().unwrap().to_owned()
}

async fn ask(hub: &TestHub, name: &str) -> Value {
    hub.admin.post(&format!("/api/clients/{name}/rotate-key"), &json!({})).await.unwrap().expect(202).unwrap()
}

async fn expect_rotate(agent: &mut Agent) {
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Rotate(_)));
}

/// The next frame but a repeated `rotate`: a request that meets a session just begun is told by both.
async fn heard(agent: &mut Agent) -> ToAgent {
    loop {
        match agent.recv(SOON).await.unwrap() {
            ToAgent::Rotate(_) => {}
            other => return other,
        }
    }
}

/// Says how far the new key is, and hears that the hub has it.
async fn say(agent: &mut Agent, text: &str, state: KeyState) {
    agent.send(&new_key(text, state)).await.unwrap();
    match heard(agent).await {
        ToAgent::NewKeyOk(ok) => assert_eq!(ok.state, state),
        other => panic!("{other:?}"),
    }
}

async fn expect_error(agent: &mut Agent, code: &str) {
    match heard(agent).await {
        ToAgent::Error(error) => assert_eq!(error.code, code),
        other => panic!("{other:?}"),
    }
}

async fn expect_refused(endpoint: &Endpoint, name: &str, key: &str) {
    let (mut agent, answer) = Agent::knock(endpoint, name, key).await.unwrap();
    assert!(matches!(answer, ToAgent::Rejected(rejected) if rejected.reason == Rejection::WrongKey));
    assert_eq!(agent.close_code(SOON).await.unwrap(), 4401);
}

#[tokio::test]
async fn a_connected_agent_gets_its_new_key_and_the_old_one_is_void() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    assert_eq!(rotation(&hub, "sol").await, "none");
    let before = hub.get("/api/clients/sol").await["key_since"].clone();
    hub.clock.advance(60_000);
    let asked = ask(&hub, "sol").await;
    assert_eq!((&asked["rotation"]["state"], asked["rotation"]["asked_at"].is_string()), (&json!("asked"), true));
    expect_rotate(&mut sol).await;
    say(&mut sol, "second", KeyState::Offered).await;
    assert_eq!(rotation(&hub, "sol").await, "offered");
    // Repeated by an agent that did not hear the answer.
    say(&mut sol, "second", KeyState::Offered).await;
    say(&mut sol, "second", KeyState::InUse).await;
    say(&mut sol, "second", KeyState::InUse).await;
    let after = hub.get("/api/clients/sol").await;
    assert_eq!(after["rotation"], json!({"state": "none"}));
    assert_ne!(after["key_since"], before);
    sol.close().await.unwrap();
    expect_refused(&hub.endpoint(), "sol", &key("sol")).await;
    Agent::connect(&hub.endpoint(), "sol", "second").await.unwrap();
    let log = hub.get("/api/logs/actions?limit=50").await.to_string();
    for words in ["asked client sol for a new key", "offered a new key", "uses its new key; the old one is void"] {
        assert_eq!(log.matches(words).count(), 1, "{words}: {log}");
    }
    verify_actions(hub.data.path()).unwrap().unwrap();
}

#[tokio::test]
async fn a_new_key_is_called_off_until_the_agent_has_made_it() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let call_off = async |name: &str| hub.admin.delete(&format!("/api/clients/{name}/rotate-key")).await.unwrap();
    assert_eq!(call_off("sol").await.expect(200).unwrap()["rotation"], json!({"state": "none"}), "nothing was asked for");
    ask(&hub, "sol").await;
    assert_eq!(call_off("sol").await.expect(200).unwrap()["rotation"], json!({"state": "none"}));
    let mut sol = hub.connect("sol").await;
    assert!(sol.recv(MOMENT).await.is_err(), "nobody asks it any more");
    sol.send(&new_key("late", KeyState::Offered)).await.unwrap();
    expect_error(&mut sol, "unexpected_key").await;
    ask(&hub, "sol").await;
    expect_rotate(&mut sol).await;
    say(&mut sol, "second", KeyState::Offered).await;
    let refused = call_off("sol").await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("key_offered")), "it may be using it already");
    say(&mut sol, "second", KeyState::InUse).await;
    assert_eq!(call_off("nobody").await.status, 404);
    let log = hub.get("/api/logs/actions?limit=50").await.to_string();
    assert_eq!(log.matches("called off the new key of client sol").count(), 1, "{log}");
}

#[tokio::test]
async fn an_agent_that_ignores_it_stays_as_it_is_and_hears_it_on_each_connection() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    ask(&hub, "sol").await;
    for _ in 0..3 {
        let mut sol = hub.connect("sol").await;
        expect_rotate(&mut sol).await;
        let id = hub.send_all("info", "still served").await;
        let alert = sol.alert(SOON).await.unwrap();
        assert_eq!(alert.id.to_string(), id);
        sol.receipt(alert.id, ReceiptState::Dismissed).await.unwrap();
        assert!(matches!(sol.recv(SOON).await.unwrap(), ToAgent::ReceiptsOk(_)));
        sol.close().await.unwrap();
    }
    assert_eq!(rotation(&hub, "sol").await, "asked");
}

#[tokio::test]
async fn keys_that_nobody_asked_for_change_nothing() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    for state in [KeyState::Offered, KeyState::InUse] {
        sol.send(&new_key("thief", state)).await.unwrap();
        expect_error(&mut sol, "unexpected_key").await;
    }
    ask(&hub, "sol").await;
    expect_rotate(&mut sol).await;
    // The key in use is no new one, and one that was not offered is not in use.
    sol.send(&new_key(&key("sol"), KeyState::Offered)).await.unwrap();
    expect_error(&mut sol, "unexpected_key").await;
    sol.send(&new_key("thief", KeyState::InUse)).await.unwrap();
    expect_error(&mut sol, "unexpected_key").await;
    for clave in ["", "zz", &"g".repeat(64)] {
        sol.send_text(&json!({"action": "new_key", "clave": clave, "state": "offered"}).to_string()).await.unwrap();
        expect_error(&mut sol, "invalid_frame").await;
    }
    sol.send_text(&json!({"action": "new_key", "clave": "0".repeat(64), "state": "maybe"}).to_string()).await.unwrap();
    expect_error(&mut sol, "invalid_frame").await;
    assert_eq!(rotation(&hub, "sol").await, "asked");
    sol.close().await.unwrap();
    expect_refused(&hub.endpoint(), "sol", "thief").await;
    hub.connect("sol").await;
}

#[tokio::test]
async fn the_hub_killed_or_the_line_cut_after_each_step_locks_nobody_out() {
    for cut in 0..4 {
        let mut hub = Process::start().await.unwrap();
        let admin = hub.admin().await.unwrap();
        admin.post("/api/clients", &json!({"name": "sol", "secret": "first"})).await.unwrap().expect(201).unwrap();
        admin.post("/api/clients/sol/rotate-key", &json!({})).await.unwrap().expect(202).unwrap();
        let (mut sol, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", "first").await.unwrap();
        expect_rotate(&mut sol).await;
        // 0: asked; 1: offered, answer not heard; 2: offered and heard; 3: in use, answer not heard.
        match cut {
            0 => {}
            1 => sol.send(&new_key("second", KeyState::Offered)).await.unwrap(),
            2 => say(&mut sol, "second", KeyState::Offered).await,
            _ => {
                say(&mut sol, "second", KeyState::Offered).await;
                sol.send(&new_key("second", KeyState::InUse)).await.unwrap();
            }
        }
        hub.kill().unwrap();
        drop(sol);
        hub.restart().await.unwrap();
        let endpoint = hub.endpoint().unwrap();
        if cut < 2 {
            // The agent has not switched: it comes with the old key, and goes on where it was.
            let (mut sol, _) = Agent::connect(&endpoint, "sol", "first").await.unwrap();
            expect_rotate(&mut sol).await;
            say(&mut sol, "second", KeyState::Offered).await;
            sol.close().await.unwrap();
        }
        // The agent has switched: coming with the new key is enough.
        let (mut sol, _) = Agent::connect(&endpoint, "sol", "second").await.unwrap();
        say(&mut sol, "second", KeyState::InUse).await;
        assert!(sol.recv(MOMENT).await.is_err(), "cut {cut}: nothing more is asked");
        drop(sol);
        expect_refused(&endpoint, "sol", "first").await;
        let seen = hub.admin().await.unwrap().get("/api/clients/sol").await.unwrap().expect(200).unwrap();
        assert_eq!(seen["rotation"]["state"], "none", "cut {cut}");
    }
}

#[tokio::test]
async fn an_agent_that_lost_its_offered_key_offers_another_and_the_lost_one_is_void() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    ask(&hub, "sol").await;
    expect_rotate(&mut sol).await;
    say(&mut sol, "lost", KeyState::Offered).await;
    say(&mut sol, "second", KeyState::Offered).await;
    sol.close().await.unwrap();
    expect_refused(&hub.endpoint(), "sol", "lost").await;
    Agent::connect(&hub.endpoint(), "sol", "second").await.unwrap();
    expect_refused(&hub.endpoint(), "sol", &key("sol")).await;
}

#[tokio::test]
async fn a_key_that_admin_sets_ends_the_rotation_and_a_revoked_client_is_not_asked() {
    let hub = TestHub::start().await;
    let mut sol = hub.agent("sol").await;
    ask(&hub, "sol").await;
    expect_rotate(&mut sol).await;
    say(&mut sol, "second", KeyState::Offered).await;
    hub.admin.post("/api/clients", &json!({"name": "sol", "secret": "third"})).await.unwrap().expect(201).unwrap();
    assert_eq!(rotation(&hub, "sol").await, "none");
    for void in [key("sol").as_str(), "second"] {
        expect_refused(&hub.endpoint(), "sol", void).await;
    }
    hub.admin.delete("/api/clients/sol").await.unwrap().expect(204).unwrap();
    for name in ["sol", "nobody", "%20", "a%00b"] {
        let answer = hub.admin.post(&format!("/api/clients/{name}/rotate-key"), &json!({})).await.unwrap();
        assert!(matches!(answer.status, 404 | 422), "{name}: {}", answer.status);
    }
}

#[tokio::test]
async fn keys_that_grow_old_are_asked_for_by_themselves_only_if_the_configuration_says_so() {
    let never = TestHub::start().await;
    let _sol = never.agent("sol").await;
    never.clock.advance(4_000 * DAY_MS);
    assert_eq!(keys::once(&never.app.hub).await.unwrap(), 0);
    let hub = TestHub::with(&[("PREGON_AGENTS_ROTATE_KEYS_DAYS", "90")]).await;
    let mut sol = hub.agent("sol").await;
    hub.enrol(&["never came"]).await;
    hub.clock.advance(89 * DAY_MS);
    assert_eq!(keys::once(&hub.app.hub).await.unwrap(), 0);
    hub.clock.advance(2 * DAY_MS);
    assert_eq!(keys::once(&hub.app.hub).await.unwrap(), 1, "whoever never came may be of the old kind");
    assert_eq!(keys::once(&hub.app.hub).await.unwrap(), 0, "asked once");
    expect_rotate(&mut sol).await;
    say(&mut sol, "second", KeyState::Offered).await;
    say(&mut sol, "second", KeyState::InUse).await;
    assert_eq!(keys::once(&hub.app.hub).await.unwrap(), 0, "the new key is young");
}
