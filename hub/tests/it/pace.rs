//! Who asks too fast is told so, long before it is held against anybody; who is known has room of their own.

use std::net::{IpAddr, Ipv4Addr};

use hub_core::guard::Kind;
use pregon_swarm::agent::Agent;
use pregon_swarm::http::{Api, Reply};
use pregon_swarm::tls::Endpoint;
use serde_json::json;

use crate::harness::{PASSWORD, TestHub, key};

/// A hub that answers one request a second of an address, ten at once.
async fn slow_hub() -> TestHub {
    TestHub::with(&[("PREGON_LIMITS_REQUESTS_PER_ADDRESS", "1")]).await
}

fn office(hub: &TestHub) -> Endpoint {
    hub.endpoint().seen_from(Ipv4Addr::new(127, 0, 0, 9))
}

/// Asks until it is refused.
async fn exhaust(at: &Endpoint) -> Reply {
    let api = Api::new(at);
    for _ in 0..200 {
        let reply = api.get("/healthz").await.unwrap();
        if reply.status != 200 {
            return reply;
        }
    }
    panic!("never refused");
}

#[tokio::test]
async fn who_asks_too_fast_hears_when_to_come_again_and_is_not_banned() {
    let hub = slow_hub().await;
    let at = office(&hub);
    let refused = exhaust(&at).await;
    assert_eq!((refused.status, &refused.headers["content-type"]), (429, &"application/problem+json".parse().unwrap()));
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let problem = refused.json();
    assert_eq!((&problem["type"], &problem["code"]), (&json!("/problems/rate-limited"), &json!("rate_limited")));
    for _ in 0..100 {
        let status = Api::new(&at).get("/healthz").await.unwrap().status;
        assert!([200, 429].contains(&status), "{status}");
    }
    assert_eq!(hub.get("/api/security/events").await["total"], 0, "nothing is held against it");
    let made_up = Api::with_token(&at, "made up").get("/api/clients").await.unwrap();
    assert!([401, 429].contains(&made_up.status), "{}", made_up.status);
    // Alertmanager would drop for good what is refused with 429.
    exhaust(&at).await;
    let hook = Api::new(&at).post("/hooks/alertmanager", &json!({"alerts": []})).await.unwrap();
    assert!([401, 503].contains(&hook.status), "{}", hook.status);
    assert_eq!(Api::new(&hub.endpoint()).get("/healthz").await.unwrap().status, 200, "another address is no worse off");
}

#[tokio::test]
async fn whoever_is_logged_in_works_on_behind_an_address_that_is_refused() {
    let hub = slow_hub().await;
    let at = office(&hub);
    hub.user("ana", "technician").await;
    hub.enrol(&["Sol"]).await;
    let ana = Api::login(&at, "ana", PASSWORD).await.unwrap();
    let program = Api::with_token(&at, &hub.token("probe", "events").await.1);
    let event = json!({"source": "s", "message": "m"});
    assert_eq!(ana.get("/api/session").await.unwrap().status, 200);
    program.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    exhaust(&at).await;
    for _ in 0..30 {
        ana.get("/api/clients").await.unwrap().expect(200).unwrap();
        program.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    }
    // Who has just opened the panel needs its files, whatever others there did.
    for _ in 0..60 {
        assert_ne!(Api::new(&at).get("/assets/a.js").await.unwrap().status, 429);
    }
    // Agents do not ask, they connect: no storm of them is ever refused for its pace.
    for _ in 0..30 {
        Agent::connect(&at, "Sol", &key("Sol")).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_trusted_has_ten_times_as_much_and_zero_is_no_limit() {
    let hub = slow_hub().await;
    let nobody = Api::new(&hub.endpoint());
    for _ in 0..60 {
        nobody.get("/healthz").await.unwrap().expect(200).unwrap();
    }
    let open = TestHub::with(&[("PREGON_LIMITS_REQUESTS_PER_ADDRESS", "0")]).await;
    let nobody = Api::new(&office(&open));
    for _ in 0..60 {
        nobody.get("/healthz").await.unwrap().expect(200).unwrap();
    }
}

#[tokio::test]
async fn what_the_guard_does_is_counted_for_prometheus() {
    let hub = slow_hub().await;
    let at = office(&hub);
    exhaust(&at).await;
    let guard = &hub.app.hub.guard;
    for _ in 0..10 {
        guard.strike("192.0.2.7".parse().unwrap(), Kind::Scanner, None, "GET /.env");
    }
    let text = String::from_utf8(hub.admin.get("/metrics").await.unwrap().body.to_vec()).unwrap();
    for line in ["pregon_bans 1", "pregon_strikes_total{kind=\"scanner\"} 10", "pregon_refused_total{reason=\"too_fast\"} 1"] {
        assert!(text.lines().any(|one| one == line), "{line} in {text}");
    }
    assert!(text.contains("pregon_mails_bundled_total 0\n") && !text.contains("kind=\"ban\""), "{text}");
    let view = hub.get("/api/monitor").await;
    assert_eq!((&view["guard"]["bans"], &view["guard"]["strikes_total"]["scanner"]), (&json!(1), &json!(10)));
    hub.clock.advance(2 * 60 * 60_000);
    assert_eq!(guard.bans_in_force(), 0, "what is over does not count");
}

#[tokio::test]
async fn a_bad_line_bans_no_branch_and_taking_all_places_does() {
    let hub = TestHub::start().await;
    let guard = &hub.app.hub.guard;
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let (branch, attacker) = (address("192.0.2.1"), address("192.0.2.2"));
    // Fifty PCs that all fail at once, then each every minute, for an hour.
    for minute in 0..60 {
        for _ in 0..if minute == 0 { 100 } else { 50 } {
            guard.slow(branch, "a handshake");
        }
        hub.clock.advance(60_000);
    }
    assert_eq!((guard.strikes()["slow"], guard.is_banned(branch)), (0, false));
    for _ in 0..1_000 {
        guard.slow(attacker, "a handshake");
    }
    assert!(guard.is_banned(attacker) && !guard.is_banned(branch));
}

#[tokio::test]
async fn who_never_stops_though_refused_is_banned() {
    let hub = slow_hub().await;
    let (at, guard) = (office(&hub), &hub.app.hub.guard);
    let address = at.source.unwrap();
    // What a flood of thousands of requests does, without its hour of handshakes.
    for _ in 0..999 {
        guard.refused(address);
    }
    assert!(!guard.is_banned(address));
    for _ in 0..10_000 {
        guard.refused(address);
    }
    assert!(guard.is_banned(address));
}
