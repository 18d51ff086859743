//! People: second factor, log-ins that are listed and ended, own passwords, the door of admin, slower guesses.

use std::time::{Duration, Instant};

use pregon_hub::security::attempts::{PASSWORDS, Who};
use pregon_hub::security::secrets::read_cli_token;
use pregon_swarm::http::{Api, Reply};
use pregon_swarm::panel::Panel;
use serde_json::{Value, json};
use shared::Name;
use totp_rs::{Builder, Secret};

use crate::harness::{PASSWORD, SOON, TestHub};

const STEP: i64 = 30_000;

impl TestHub {
    async fn log_in(&self, name: &str, password: &str, totp: Option<&str>) -> Reply {
        let body = json!({"username": name, "password": password, "totp": totp});
        Api::new(&self.endpoint()).post("/api/login", &body).await.unwrap()
    }

    /// What the app shows now.
    fn code(&self, secret: &str) -> String {
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
        totp.generate((self.clock.now().as_millis() / 1_000).cast_unsigned()).to_string()
    }

    /// Sets up a second factor; its secret and recovery codes. Its code of the moment lasts for some seconds more.
    async fn factor(&self, user: &Api) -> (String, Vec<String>) {
        self.clock.advance(STEP - self.clock.now().as_millis() % STEP);
        let begun = user.post("/api/account/totp", &json!({})).await.unwrap().expect(200).unwrap();
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let code = json!({"code": self.code(&secret)});
        let made = user.post("/api/account/totp/confirm", &code).await.unwrap().expect(200).unwrap();
        let codes = made["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
        (secret, codes.collect())
    }
}

fn kind(reply: &Reply) -> String {
    reply.json()["type"].as_str().unwrap_or_default().to_owned()
}

fn field(reply: &Reply) -> String {
    reply.expect(422).unwrap()["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn with_a_second_factor_the_log_in_asks_for_a_code_and_takes_each_once() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let (secret, _) = hub.factor(&ana).await;
    assert_eq!(ana.get("/api/session").await.unwrap().json()["totp"], true);
    assert_eq!(hub.get("/api/users").await["users"][0]["totp"], true);
    for empty in [None, Some(""), Some(" ")] {
        let reply = hub.log_in("ana", PASSWORD, empty).await;
        assert_eq!((reply.status, kind(&reply)), (401, "/problems/totp_required".into()));
    }
    let used = hub.log_in("ana", PASSWORD, Some(&hub.code(&secret))).await;
    assert_eq!((used.status, kind(&used)), (401, "/problems/totp_wrong".into()), "the code that confirmed it is used up");
    hub.clock.advance(STEP);
    let code = hub.code(&secret);
    hub.log_in("ana", PASSWORD, Some(&code)).await.expect(200).expect("a log-in");
    assert_eq!(kind(&hub.log_in("ana", PASSWORD, Some(&code)).await), "/problems/totp_wrong", "a replay");
    for wrong in ["000000", "no code", "\u{0}", &"9".repeat(10_000)] {
        assert_eq!(hub.log_in("ana", PASSWORD, Some(wrong)).await.status, 401, "{wrong:.20}");
    }
}

#[tokio::test]
async fn nobody_learns_without_the_password_who_has_a_second_factor() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    hub.user("luz", "technician").await;
    hub.factor(&ana).await;
    let mut answers = Vec::new();
    for name in ["ana", "luz", "nobody"] {
        answers.push(hub.log_in(name, "wrong", Some("123456")).await.expect(401).unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_new_ones_replace_the_old() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let (secret, codes) = hub.factor(&ana).await;
    assert_eq!(codes.len(), 10);
    hub.log_in("ana", PASSWORD, Some(&codes[0].to_lowercase())).await.expect(200).expect("a log-in");
    hub.log_in("ana", PASSWORD, Some(&codes[0])).await.expect(401).expect("used up");
    let state = ana.get("/api/account/totp").await.unwrap().json();
    assert_eq!((&state["enabled"], &state["recovery_codes_left"]), (&json!(true), &json!(9)));
    let renew = "/api/account/totp/recovery-codes";
    assert_eq!(field(&ana.post(renew, &json!({})).await.unwrap()), "code");
    assert_eq!(field(&ana.post(renew, &json!({"password": "wrong"})).await.unwrap()), "password");
    let fresh = ana.post(renew, &json!({"password": PASSWORD})).await.unwrap().expect(200).unwrap();
    hub.log_in("ana", PASSWORD, Some(&codes[1])).await.expect(401).expect("an old one");
    hub.log_in("ana", PASSWORD, fresh["recovery_codes"][0].as_str()).await.expect(200).expect("a new one");
    hub.clock.advance(STEP);
    ana.post("/api/account/totp/disable", &json!({"code": hub.code(&secret)})).await.unwrap().expect(204).unwrap();
    hub.log_in("ana", PASSWORD, None).await.expect(200).expect("no code is asked for any more");
    assert_eq!(ana.post("/api/account/totp/disable", &json!({"password": PASSWORD})).await.unwrap().status, 404);
}

#[tokio::test]
async fn a_factor_counts_once_its_code_was_typed() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    assert_eq!(ana.post("/api/account/totp/confirm", &json!({"code": "123456"})).await.unwrap().status, 409);
    let begun = ana.post("/api/account/totp", &json!({})).await.unwrap().expect(200).unwrap();
    assert!(begun["qr"].as_str().unwrap().contains("<svg") && begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    hub.log_in("ana", PASSWORD, None).await.expect(200).expect("it is not confirmed");
    for wrong in ["000000", "", "ABCD-EFGH-JKMN-PQRS"] {
        assert_eq!(field(&ana.post("/api/account/totp/confirm", &json!({"code": wrong})).await.unwrap()), "code");
    }
    assert_eq!(field(&ana.post("/api/account/totp/confirm", &json!({"code": 5})).await.unwrap()), "code");
    hub.factor(&ana).await;
    assert_eq!(ana.post("/api/account/totp", &json!({})).await.unwrap().status, 409, "there is one already");
    let database = std::fs::read(hub.data.path().join("pregon.db")).unwrap();
    let wal = std::fs::read(hub.data.path().join("pregon.db-wal")).unwrap_or_default();
    let secret = begun["secret"].as_str().unwrap().as_bytes();
    assert!(![database, wal].concat().windows(secret.len()).any(|part| part == secret));
}

#[tokio::test]
async fn who_must_have_a_second_factor_may_set_it_up_and_nothing_else() {
    let hub = TestHub::with(&[("PREGON_AUTH_REQUIRE_TOTP", "technician")]).await;
    let said = json!({"username": "ana", "password": PASSWORD, "role": "technician"});
    hub.admin.post("/api/users", &said).await.unwrap().expect(201).unwrap();
    let entered = hub.log_in("ana", PASSWORD, None).await.expect(200).unwrap();
    assert_eq!(entered["must_set_up_totp"], true);
    let ana = Api::with_token(&hub.endpoint(), entered["token"].as_str().unwrap());
    assert_eq!(ana.get("/api/session").await.unwrap().json()["must_set_up_totp"], true);
    for path in ["/api/alerts", "/api/clients", "/api/config"] {
        let reply = ana.get(path).await.unwrap();
        assert_eq!((reply.status, kind(&reply)), (403, "/problems/totp_setup_required".into()), "{path}");
    }
    let alert = json!({"audience": {"kind": "global"}, "text": "x"});
    ana.post("/api/alerts", &alert).await.unwrap().expect(403).unwrap();
    let mut socket = Panel::open(&hub.endpoint(), ana.token().unwrap()).await.unwrap();
    assert_eq!(socket.close_code(SOON).await.unwrap(), 4403);
    hub.factor(&ana).await;
    ana.get("/api/alerts").await.unwrap().expect(200).expect("the same log-in, now whole");
    hub.user("vic", "viewer").await.get("/api/alerts").await.unwrap().expect(200).expect("viewers need none");
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_and_admin_or_the_machine_takes_a_lost_factor_away() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let (secret, codes) = hub.factor(&ana).await;
    for _ in 0..5 {
        hub.log_in("ana", PASSWORD, Some("000000")).await.expect(401).unwrap();
    }
    let refused = hub.log_in("ana", PASSWORD, Some(&codes[0])).await;
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().unwrap()), (429, "10"));
    hub.clock.advance(STEP);
    hub.log_in("ana", PASSWORD, Some(&hub.code(&secret))).await.expect(200).expect("a delay, not a lock");

    hub.admin.delete("/api/users/ana/totp").await.unwrap().expect(204).unwrap();
    ana.get("/api/session").await.unwrap().expect(401).expect("log-ins end");
    hub.log_in("ana", PASSWORD, None).await.expect(200).unwrap();
    hub.admin.delete("/api/users/ana/totp").await.unwrap().expect(404).unwrap();

    hub.factor(&hub.admin).await;
    hub.admin.delete("/api/users/admin/totp").await.unwrap().expect(403).expect("not over the web");
    let cli = Api::with_token(&hub.endpoint(), read_cli_token(hub.data.path()).unwrap().as_str());
    cli.delete("/api/users/admin/totp").await.unwrap().expect(204).unwrap();
    Api::admin(&hub.endpoint(), PASSWORD).await.expect("admin is in again");
}

#[tokio::test]
async fn log_ins_are_listed_and_ended_by_their_owner_and_by_admin() {
    let hub = TestHub::start().await;
    let first = hub.user("ana", "technician").await;
    let second = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    let luz = hub.user("luz", "viewer").await;
    let mine = async |api: &Api| api.get("/api/account/sessions").await.unwrap().expect(200).unwrap();
    let listed = mine(&first).await;
    let rows = listed["sessions"].as_array().unwrap();
    assert_eq!((rows.len(), listed["total"].as_i64()), (2, Some(2)));
    assert_eq!(rows.iter().filter(|row| row["current"] == true).count(), 1);
    assert_eq!((&rows[0]["address"], &rows[0]["username"]), (&json!("127.0.0.1"), &json!("ana")));
    let id = |listed: &Value, current: bool| {
        let rows = listed["sessions"].as_array().unwrap();
        rows.iter().find(|row| row["current"] == current).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (own, other) = (id(&listed, true), id(&listed, false));
    assert_eq!(luz.delete(&format!("/api/account/sessions/{own}")).await.unwrap().status, 404, "another's is none of hers");
    assert_eq!(luz.delete(&format!("/api/sessions/{own}")).await.unwrap().status, 403);

    let mut socket = Panel::open(&hub.endpoint(), second.token().unwrap()).await.unwrap();
    socket.next_of("hello", SOON).await.unwrap();
    first.delete(&format!("/api/account/sessions/{other}")).await.unwrap().expect(204).unwrap();
    assert_eq!(socket.close_code(SOON).await.unwrap(), 4401);
    second.get("/api/session").await.unwrap().expect(401).unwrap();

    let third = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    third.delete("/api/account/sessions").await.unwrap().expect(204).unwrap();
    first.get("/api/session").await.unwrap().expect(401).expect("all others");
    let everybody = hub.get("/api/sessions").await;
    let users: Vec<_> = everybody["sessions"].as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap()).collect();
    assert!(["admin", "ana", "luz"].iter().all(|name| users.contains(name)), "{users:?}");
    let hers = hub.get("/api/sessions?user=LUZ").await["sessions"][0]["id"].as_str().unwrap().to_owned();
    hub.admin.delete(&format!("/api/sessions/{hers}")).await.unwrap().expect(204).unwrap();
    luz.get("/api/session").await.unwrap().expect(401).unwrap();
    assert_eq!(hub.admin.get("/api/sessions?user=nobody").await.unwrap().status, 404);
    hub.clock.advance(31 * 60_000);
    let later = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    let open = later.get("/api/sessions").await.unwrap().json();
    assert_eq!(open["total"], 1, "what idled too long is over: {open}");
}

#[tokio::test]
async fn people_change_their_own_password_and_stay_while_their_other_log_ins_end() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let elsewhere = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    let change = async |current: &str, password: &str| {
        ana.put("/api/account/password", &json!({"current": current, "password": password})).await.unwrap()
    };
    assert_eq!(field(&change("wrong", "another long one").await), "current");
    for unfit in ["short", "password", "PASSWORD123", "iloveyou!", "pregon2026", "ana!!!!!", "contraseña1"] {
        assert_eq!(field(&change(PASSWORD, unfit).await), "password", "{unfit}");
    }
    change(PASSWORD, "another long one").await.expect(204).unwrap();
    ana.get("/api/session").await.unwrap().expect(200).expect("who changed it stays");
    elsewhere.get("/api/session").await.unwrap().expect(401).unwrap();
    hub.log_in("ana", PASSWORD, None).await.expect(401).unwrap();
    hub.log_in("ana", "another long one", None).await.expect(200).unwrap();
    let own = json!({"current": PASSWORD, "password": "another long one"});
    assert_eq!(hub.admin.put("/api/account/password", &own).await.unwrap().status, 403, "admin does it on the machine");
}

#[tokio::test]
async fn another_user_at_the_door_of_admin_is_logged_out() {
    let hub = TestHub::start().await;
    let ana = hub.user("ana", "technician").await;
    let door = Api::new(&hub.endpoint());
    let wrong = json!({"username": "ana", "password": "wrong"});
    door.post("/api/admin/login", &wrong).await.unwrap().expect(401).unwrap();
    ana.get("/api/session").await.unwrap().expect(200).expect("a stranger who knows only the name ends nothing");
    let mut socket = Panel::open(&hub.endpoint(), ana.token().unwrap()).await.unwrap();
    socket.next_of("hello", SOON).await.unwrap();
    let right = json!({"username": "ana", "password": PASSWORD});
    door.post("/api/admin/login", &right).await.unwrap().expect(401).unwrap();
    assert_eq!(socket.close_code(SOON).await.unwrap(), 4401);
    ana.get("/api/session").await.unwrap().expect(401).unwrap();

    let again = Api::login(&hub.endpoint(), "ana", PASSWORD).await.unwrap();
    again.post("/api/admin/login", &json!({"username": "admin", "password": "guess"})).await.unwrap().expect(401).unwrap();
    again.get("/api/session").await.unwrap().expect(401).expect("whoever knocks while logged in as another");
    hub.get("/api/session").await;
}

#[tokio::test]
async fn each_wrong_password_makes_the_next_try_wait_longer_and_never_shuts_out() {
    let hub = TestHub::start().await;
    hub.user("ana", "technician").await;
    for name in ["ana", "nobody"] {
        let start = Instant::now();
        for _ in 0..7 {
            hub.log_in(name, "wrong", None).await.expect(401).unwrap();
        }
        assert!(start.elapsed() > Duration::from_millis(3_500), "{name}, known or not: {:?}", start.elapsed());
    }
    hub.log_in("ana", PASSWORD, None).await.expect(200).expect("the right password is let in");
    let who = Who::account(Name::parse("ana").unwrap().key(), [127, 0, 0, 1].into());
    assert_eq!(hub.app.hub.attempts.begin(who, &PASSWORDS, hub.clock.now()), Ok(Duration::ZERO), "and ends the waiting");
}
