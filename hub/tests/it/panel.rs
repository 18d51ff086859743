//! `/ws/panel`: what an open panel hears, and when it is closed.

use pregon_swarm::panel::Panel;
use serde_json::json;
use shared::wire::to_hub::ReceiptState;

use crate::harness::{SOON, TestHub, id};

#[tokio::test]
async fn an_open_panel_hears_of_everything_as_it_happens() {
    let hub = TestHub::start().await;
    hub.enrol(&["sol"]).await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    let mut agent = hub.connect("sol").await;
    let presence = panel.next_of("presence", SOON).await.unwrap();
    assert_eq!((&presence["client"], &presence["online"], &presence["online_total"]), (&json!("sol"), &json!(true), &json!(1)));
    let sent = id(&hub.send(json!({"audience": {"kind": "global"}, "text": "x"})).await);
    let news = panel.next_of("alert", SOON).await.unwrap();
    assert_eq!((&news["id"], &news["counts"]["queued"]), (&json!(sent), &json!(1)));
    let alert = agent.alert(SOON).await.unwrap();
    agent.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    let receipt = panel.next_of("receipt", SOON).await.unwrap()["items"][0].clone();
    assert_eq!((&receipt["alert"], &receipt["client"], &receipt["state"]), (&json!(sent), &json!("sol"), &json!("displayed")));
    hub.sensor().await.event(&json!({"source": "fridge", "message": "warm"})).await.unwrap();
    assert_eq!(panel.next_of("event", SOON).await.unwrap()["message"], "warm");
    hub.admin.post(&format!("/api/alerts/{sent}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    assert!(panel.next_of("alert", SOON).await.unwrap()["withdrawn_at"].is_string());
    agent.close().await.unwrap();
    assert_eq!(panel.next_of("presence", SOON).await.unwrap()["online"], false);
    panel.send(&json!({"action": "ping"})).await.unwrap();
    assert!(panel.recv(SOON).await.unwrap()["ts"].is_string());
}

#[tokio::test]
async fn a_socket_without_a_good_token_is_closed() {
    let hub = TestHub::start().await;
    let mut panel = Panel::open(&hub.endpoint(), "made up").await.unwrap();
    assert_eq!(panel.close_code(SOON).await.unwrap(), 4401);
}

#[tokio::test]
async fn a_change_of_password_ends_log_ins_and_their_sockets_at_once() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let mut panel = Panel::open(&hub.endpoint(), ana.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    hub.admin.patch("/api/users/ana", &json!({"password": "another long one"})).await.unwrap().expect(204).unwrap();
    assert_eq!(panel.close_code(SOON).await.unwrap(), 4401);
    ana.get("/api/session").await.unwrap().expect(401).unwrap();
}

#[tokio::test]
async fn logging_out_ends_the_socket_of_that_log_in_alone() {
    let hub = TestHub::start().await;
    let first = hub.user("ana", "technician").await;
    let second = pregon_swarm::http::Api::login(&hub.endpoint(), "ana", crate::harness::PASSWORD).await.unwrap();
    let mut closed = Panel::open(&hub.endpoint(), first.token().unwrap()).await.unwrap();
    let mut open = Panel::open(&hub.endpoint(), second.token().unwrap()).await.unwrap();
    closed.next_of("hello", SOON).await.unwrap();
    open.next_of("hello", SOON).await.unwrap();
    first.post("/api/logout", &json!({})).await.unwrap().expect(204).unwrap();
    assert_eq!(closed.close_code(SOON).await.unwrap(), 4401);
    hub.send_all("info", "x").await;
    open.next_of("alert", SOON).await.expect("the other log-in goes on");
}
