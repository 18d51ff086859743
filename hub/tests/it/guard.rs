//! The guard: strikes, bans, who gets in all the same, and what is never held against anybody.

use std::net::{IpAddr, Ipv4Addr};

use hub_core::guard::Kind;
use hyper::Method;
use hyper::body::Bytes;
use pregon_swarm::agent::Agent;
use pregon_swarm::http::Api;
use pregon_swarm::tls::Endpoint;
use serde_json::{Value, json};
use shared::wire::to_agent::{Rejection, ToAgent};
use tokio::io::AsyncWriteExt as _;

use crate::harness::{PASSWORD, SOON, TestHub, key, until};
use crate::post::PostOffice;

const MINUTE_MS: i64 = 60_000;

/// An address of this machine that is not trusted.
fn far(last: u8) -> IpAddr {
    Ipv4Addr::new(127, 0, 0, last).into()
}

fn stranger(hub: &TestHub, last: u8) -> Endpoint {
    hub.endpoint().seen_from(far(last))
}

async fn status(at: &Endpoint, path: &str) -> u16 {
    Api::new(at).get(path).await.map_or(0, |reply| reply.status)
}

/// Ten paths of a scanner: a ban.
async fn attack(at: &Endpoint) {
    for path in ["/.env", "/wp-login.php", "/.git/config", "/a?id=1%27%20OR%20%271%27=%271", "/?q=%3Cscript%3Ealert(1)%3C/script%3E"] {
        for _ in 0..2 {
            status(at, path).await;
        }
    }
}

async fn noticed(hub: &TestHub, query: &str) -> Vec<Value> {
    hub.get(&format!("/api/security/events?{query}")).await["events"].as_array().unwrap().clone()
}

async fn bans(hub: &TestHub) -> Vec<Value> {
    hub.get("/api/security/bans").await["bans"].as_array().unwrap().clone()
}

async fn knock(at: &Endpoint, name: &str, key: &str) -> Rejection {
    match Agent::knock(at, name, key).await.unwrap().1 {
        ToAgent::Rejected(rejected) => rejected.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ten_strikes_ban_and_a_right_key_gets_in_all_the_same() {
    let hub = TestHub::start().await;
    let at = stranger(&hub, 9);
    hub.enrol(&["Sol", "Luna"]).await;
    let (mut sol, _) = Agent::connect(&at, "Sol", &key("Sol")).await.unwrap();
    let session = Api::admin(&at, PASSWORD).await.unwrap();
    attack(&at).await;
    let reply = Api::new(&at).get("/").await.unwrap();
    assert_eq!((reply.status, &reply.json()["type"]), (403, &json!("/problems/banned")));
    assert_eq!(status(&hub.endpoint(), "/").await, 200, "another address is no worse off");
    // Whoever was in goes on; whoever has a right key comes in; a wrong one hears that it is banned.
    assert_eq!(session.get("/api/session").await.unwrap().status, 200);
    hub.send_all("critical", "everybody out").await;
    sol.alert(SOON).await.unwrap();
    assert_eq!(knock(&at, "Luna", "made up").await, Rejection::Banned);
    Agent::connect(&at, "Luna", &key("Luna")).await.unwrap();
    until("the ban is kept", async || bans(&hub).await.len() == 1).await;
    let ban = &bans(&hub).await[0];
    assert_eq!((&ban["ip"], &ban["banned_by"]), (&json!("127.0.0.9"), &json!("guard")));
    until("it was noticed", async || noticed(&hub, "kind=ban&level=critical").await.len() == 1).await;
    assert!(!noticed(&hub, "kind=scanner&level=high&ip=127.0.0.9").await.is_empty());
    assert!(!noticed(&hub, "kind=sql_injection").await.is_empty() && !noticed(&hub, "kind=script_injection").await.is_empty());
    let day = hub.get("/api/security/day").await;
    assert_eq!((&day["bans"], &day["strikes"]["critical"]), (&json!(1), &json!(1)));
    assert_eq!(hub.admin.delete("/api/security/bans/127.0.0.9").await.unwrap().status, 204);
    assert_eq!(status(&at, "/").await, 200, "and in again");
    assert_eq!(hub.admin.delete("/api/security/bans/127.0.0.9").await.unwrap().status, 404);
}

#[tokio::test]
async fn a_ban_ends_by_itself_and_strikes_grow_old() {
    let hub = TestHub::with(&[("PREGON_GUARD_BAN", "30m")]).await;
    let at = stranger(&hub, 9);
    for turn in 0..3 {
        for _ in 0..5 {
            assert_eq!(status(&at, "/.env").await / 100, 4, "{turn}");
        }
        hub.clock.advance(11 * MINUTE_MS);
    }
    assert_eq!(status(&at, "/").await, 200, "five each eleven minutes are no ban");
    attack(&at).await;
    assert_eq!(status(&at, "/").await, 403);
    hub.clock.advance(31 * MINUTE_MS);
    assert_eq!(status(&at, "/").await, 200);
}

#[tokio::test]
async fn what_is_trusted_is_written_down_and_never_banned() {
    let hub = TestHub::start().await;
    for _ in 0..3 {
        attack(&hub.endpoint()).await;
    }
    assert_eq!(status(&hub.endpoint(), "/").await, 200);
    until("it was noticed", async || !noticed(&hub, "level=low").await.is_empty()).await;
    assert!(noticed(&hub, "level=high").await.is_empty() && bans(&hub).await.is_empty());
    let refused = hub.admin.post("/api/security/bans", &json!({"ip": "127.0.0.1"})).await.unwrap();
    assert_eq!(refused.status, 409, "{}", refused.json());
    // Trusted by hand: what was banned there is in again.
    let at = stranger(&hub, 9);
    attack(&at).await;
    assert_eq!(status(&at, "/").await, 403);
    until("the ban is kept", async || bans(&hub).await.len() == 1).await;
    let network = json!({"network": "127.0.0.8/30", "reason": "our own scanner"});
    assert_eq!(hub.admin.post("/api/security/trusted", &network).await.unwrap().status, 204);
    assert!(bans(&hub).await.is_empty(), "and stands no more in the list");
    attack(&at).await;
    assert_eq!(status(&at, "/").await, 200);
    assert_eq!(hub.get("/api/security/trusted").await["allowed"][0]["network"], "127.0.0.8/30");
    assert_eq!(hub.admin.delete("/api/security/trusted/127.0.0.8%2F30").await.unwrap().status, 204);
    attack(&at).await;
    assert_eq!(status(&at, "/").await, 403);
}

#[tokio::test]
async fn bans_by_hand_are_checked_and_outlive_a_restart() {
    let hub = TestHub::start().await;
    let table = [
        (json!({"ip": "nonsense"}), "ip"),
        (json!({"ip": "127.0.0.9", "minutes": 0}), "minutes"),
        (json!({"ip": "127.0.0.9", "reason": "x".repeat(201)}), "reason"),
    ];
    for (asked, field) in table {
        let problem = hub.admin.post("/api/security/bans", &asked).await.unwrap().expect(422).unwrap();
        assert_eq!(problem["errors"][0]["field"], field);
    }
    for network in ["x", "0.0.0.0/0", "10.0.0.0/33"] {
        let refused = hub.admin.post("/api/security/trusted", &json!({"network": network})).await.unwrap();
        assert_eq!(refused.status, 422, "{network}");
    }
    let made = hub.admin.post("/api/security/bans", &json!({"ip": "2001:db8::17", "reason": "noise"})).await.unwrap().expect(201).unwrap();
    assert_eq!(made["ip"], "2001:db8::", "of IPv6 the /64");
    hub.admin.post("/api/security/bans", &json!({"ip": "::ffff:127.0.0.9", "minutes": 5})).await.unwrap().expect(201).unwrap();
    assert_eq!(status(&stranger(&hub, 9), "/").await, 403);
    let hub = hub.restarted(0, &[]).await;
    assert_eq!(status(&stranger(&hub, 9), "/").await, 403);
    assert_eq!(bans(&hub).await.len(), 2);
    assert_eq!(hub.admin.delete("/api/security/bans/2001:db8::99").await.unwrap().status, 204);
    let log = hub.get("/api/logs/actions?text=2001:db8").await;
    assert_eq!(log["total"], 2, "{log}");
}

#[tokio::test]
async fn only_a_trusted_proxy_is_believed_about_who_asks() {
    let hub = TestHub::with(&[("PREGON_HTTPS_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let ask = async |from: &Endpoint, named: &str, path: &str| {
        Api::new(from).request(Method::GET, path, &[("x-forwarded-for", named)], None).await.map_or(0, |reply| reply.status)
    };
    let (proxy, liar) = (hub.endpoint(), stranger(&hub, 9));
    for _ in 0..10 {
        ask(&proxy, "203.0.113.7", "/.env").await;
        ask(&liar, "203.0.113.8", "/.env").await;
    }
    assert_eq!(ask(&proxy, "203.0.113.7", "/").await, 403);
    assert_eq!(ask(&proxy, "203.0.113.8", "/").await, 200, "named by a liar");
    assert_eq!(ask(&liar, "203.0.113.9", "/").await, 403, "the liar itself");
    assert_eq!(ask(&proxy, "203.0.113.9", "/").await, 200);
}

#[tokio::test]
async fn a_wrong_key_counts_against_whom_the_proxy_names() {
    let hub = TestHub::with(&[("PREGON_HTTPS_TRUSTED_PROXIES", "127.0.0.1")]).await;
    hub.enrol(&["Sol"]).await;
    let named = |last: u8| hub.endpoint().on_behalf_of(Ipv4Addr::new(203, 0, 113, last));
    let (guesser, neighbour) = (named(7), named(8));
    for name in 0..10 {
        knock(&guesser, &format!("guess {name}"), "x").await;
        // Whoever is no trusted proxy names nobody but itself.
        knock(&stranger(&hub, 9).on_behalf_of(Ipv4Addr::new(203, 0, 113, 8)), &format!("guess {name}"), "x").await;
    }
    assert_eq!(knock(&guesser, "one more", "x").await, Rejection::Banned);
    assert_eq!((status(&guesser, "/").await, status(&neighbour, "/").await, status(&hub.endpoint(), "/").await), (403, 200, 200));
    assert_eq!(knock(&neighbour, "Sol", "typed wrong").await, Rejection::WrongKey);
    Agent::connect(&guesser, "Sol", &key("Sol")).await.unwrap();
    until("the bans are kept", async || bans(&hub).await.len() == 2).await;
    let seen = hub.get("/api/clients/Sol").await;
    assert_eq!(seen["address"], "203.0.113.7", "{seen}");
    let log = async || hub.get("/api/monitor/connections?search=203.0.113.7&kind=rejected").await;
    until("the log names it", async || !log().await["connections"].as_array().unwrap().is_empty()).await;
}

#[tokio::test]
async fn trust_is_in_an_address_and_a_ban_is_of_its_network() {
    let mapped = ("PREGON_GUARD_TRUSTED", "::1,2001:db8::5,::ffff:10.0.0.5");
    let hub = TestHub::with(&[mapped, ("PREGON_HTTPS_TRUSTED_PROXIES", "10.0.0.9")]).await;
    let guard = &hub.app.hub.guard;
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    // The last is a neighbour of the second in its /64.
    let struck = ["::1", "2001:db8::5", "10.0.0.5", "::ffff:10.0.0.5", "10.0.0.9", "2001:db8::6"].map(address);
    for one in struck {
        for _ in 0..10 {
            guard.strike(one, Kind::Scanner, None, "GET /.env");
        }
    }
    let banned = struck.map(|one| guard.is_banned(one));
    assert_eq!(banned, [false, false, false, false, false, true]);
    assert!(guard.is_banned(address("2001:db8::7")), "the rest of that /64");
    assert!(!guard.is_agent_banned(address("2001:db8::5"), "Sol"));
}

#[tokio::test]
async fn one_mis_keyed_pc_never_locks_its_neighbours_out() {
    let hub = TestHub::start().await;
    let branch = stranger(&hub, 9);
    hub.enrol(&["Sol", "Luna"]).await;
    let mut heard = Vec::new();
    for _ in 0..15 {
        heard.push(knock(&branch, "Sol", "an old key").await);
    }
    assert_eq!((heard[0], heard[14]), (Rejection::WrongKey, Rejection::Banned));
    assert_eq!(status(&branch, "/").await, 200, "people behind the same address");
    Agent::connect(&branch, "Luna", &key("Luna")).await.unwrap();
    assert_eq!(knock(&branch, "Luna", "typed wrong").await, Rejection::WrongKey, "its neighbour is not banned");
    until("the ban is kept", async || bans(&hub).await.len() == 1).await;
    assert_eq!(bans(&hub).await[0]["client"], "Sol");
    // Once it has its right key, its ban is over.
    Agent::connect(&branch, "Sol", &key("Sol")).await.unwrap();
    until("the ban is over", async || bans(&hub).await.is_empty()).await;
    // Name after name is no mistake.
    for name in 0..10 {
        knock(&branch, &format!("guess {name}"), "x").await;
    }
    assert_eq!(status(&branch, "/").await, 403);
}

#[tokio::test]
async fn what_may_be_said_is_never_a_strike() {
    let hub = TestHub::start().await;
    let at = stranger(&hub, 9);
    let evil = "' OR 1=1 -- <script>alert(1)</script> ../../etc/passwd";
    hub.user("ana", "technician").await;
    let ana = Api::login(&at, "ana", PASSWORD).await.unwrap();
    let program = Api::with_token(&at, &hub.token("probe", "events").await.1);
    for _ in 0..15 {
        ana.post("/api/alerts", &json!({"audience": {"kind": "global"}, "text": evil})).await.unwrap().expect(201).unwrap();
        ana.get("/api/alerts?search=%27%20OR%201%3D1%20--").await.unwrap().expect(200).unwrap();
        program.post("/api/events", &json!({"source": evil, "message": evil})).await.unwrap().expect(201).unwrap();
        hub.sensor().await.event(&json!({"source": "plc", "message": evil})).await.unwrap();
    }
    status(&at, "/.env").await;
    until("the one strike was noticed", async || !noticed(&hub, "").await.is_empty()).await;
    let all = noticed(&hub, "").await;
    assert_eq!((all.len(), &all[0]["kind"], &all[0]["count"]), (1, &json!("scanner"), &json!(1)), "{all:?}");
}

#[tokio::test]
async fn guesses_and_garbage_are_strikes() {
    let hub = TestHub::start().await;
    let at = stranger(&hub, 9);
    for guess in 0..3 {
        let wrong = json!({"username": "admin", "password": format!("guess {guess}")});
        assert_eq!(Api::new(&at).post("/api/admin/login", &wrong).await.unwrap().status, 401);
    }
    let attack = json!({"username": "x' OR 1=1 --", "password": "x"});
    Api::new(&at).post("/api/login", &attack).await.unwrap();
    let mut bare = at.connect().await.unwrap();
    bare.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut tls = at.dial().await.unwrap();
    tls.write_all(b"\x00\x01\x02 nonsense\r\n\r\n").await.unwrap();
    let mut agent = Agent::open(&at).await.unwrap();
    agent.send_text("no json").await.unwrap();
    let (_, code) = (Agent::enrol(&at, "Mar", "0000-0000-0000-0000").await.is_err(), agent.close_code(SOON).await.unwrap());
    assert_eq!(code, 4400);
    let big = Bytes::from(vec![b'x'; 300_000]);
    Api::new(&at).raw(Method::POST, "/api/login", &[("content-type", "application/json")], big).await.ok();
    let expected = [("login", 3), ("sql_injection", 1), ("malformed", 3), ("wrong_code", 1)];
    for (kind, least) in expected {
        let count = async || noticed(&hub, &format!("kind={kind}")).await.iter().filter_map(|row| row["count"].as_u64()).sum::<u64>();
        until(kind, async || count().await >= least).await;
    }
    assert!(bans(&hub).await.is_empty());
    // Who then logs in has shown to be no stranger: clumsiness is forgotten, an attack is not.
    Api::admin(&at, PASSWORD).await.unwrap();
    for _ in 0..8 {
        status(&at, "/.env").await;
    }
    assert_eq!(status(&at, "/").await, 403, "8 and the SQL injection and the code");
}

#[tokio::test]
async fn an_attack_is_a_few_mails_and_a_ban_is_critical() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[("SMTP_TO", "it@example.org"), ("PREGON_SMTP_LANGUAGE", "en")]).await;
    for last in 20..40 {
        attack(&stranger(&hub, last)).await;
    }
    until("all are banned", async || bans(&hub).await.len() == 20).await;
    office.until(4).await;
    // The rest waits to be told together.
    hub.clock.advance(6 * MINUTE_MS);
    until("the rest was told", async || office.mails().iter().any(|mail| mail.text.contains("127.0.0.39"))).await;
    let subjects: Vec<String> = office.mails().iter().map(|mail| mail.header("Subject").to_owned()).collect();
    assert!(subjects.len() <= 10, "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject.contains("CRITICAL")) && subjects.iter().any(|subject| subject.contains("HIGH")));
}
