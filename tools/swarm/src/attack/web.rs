//! Attackers who speak HTTP: injections, climbing out of folders, scanners, guessing of passwords.

use std::time::Instant;

use anyhow::Result;
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::world::World;
use super::{Scene, Steps, agents};
use crate::http::{Api, Reply};
use crate::tls::Endpoint;

/// More tries than any sensible setting of `guard.strikes` allows.
pub(super) const MOST: usize = 60;
const SQL: [&str; 3] = ["1%27%20OR%20%271%27=%271", "1%20UNION%20SELECT%20username,password%20FROM%20users--", "1;DROP%20TABLE%20users--"];
const SCRIPTS: [&str; 3] = ["%3Cscript%3Ealert(1)%3C/script%3E", "%3Cimg%20src=x%20onerror=alert(1)%3E", "%3Csvg/onload=alert(1)%3E"];
const CLIMBS: [&str; 4] = [
    "/assets/../../../../etc/passwd",
    "/assets/..%2f..%2f..%2fetc%2fpasswd",
    "/%252e%252e/%252e%252e/etc/shadow",
    "/..%5c..%5cwindows%5cwin.ini",
];
const SCANNED: [&str; 6] = ["/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/", "/cgi-bin/test.cgi", "/actuator/env"];

/// A request of somebody without a token.
pub(super) struct Request {
    path: String,
    body: Option<String>,
}

impl Request {
    fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), body: None }
    }

    fn post(path: &str, body: &Value) -> Self {
        Self { path: path.to_owned(), body: Some(body.to_string()) }
    }

    async fn send(self, hub: &Endpoint) -> Result<Reply> {
        match self.body {
            Some(body) => Api::new(hub).raw(Method::POST, &self.path, &[("content-type", "application/json")], Bytes::from(body)).await,
            None => Api::new(hub).get(&self.path).await,
        }
    }
}

pub(super) async fn sql(world: &mut World, steps: &mut Steps) -> Result<()> {
    let requests = (0..MOST).map(|number| match number % 2 {
        0 => Request::get(format!("/api/alerts?search={}", pick(&SQL, number / 2))),
        _ => Request::post("/api/events", &json!({"source": "plc", "message": "x' OR '1'='1' --"})),
    });
    until_banned(world, Scene::Sql, "requests with SQL in query or body", requests, steps).await
}

pub(super) async fn script(world: &mut World, steps: &mut Steps) -> Result<()> {
    let requests = (0..MOST).map(|number| match number % 2 {
        0 => Request::get(format!("/?q={}", pick(&SCRIPTS, number / 2))),
        _ => Request::post("/api/alerts", &json!({"audience": {"kind": "global"}, "text": "<script>alert(1)</script>"})),
    });
    until_banned(world, Scene::Script, "requests with scripts in query or body", requests, steps).await
}

pub(super) async fn traversal(world: &mut World, steps: &mut Steps) -> Result<()> {
    let requests = (0..MOST).map(|number| Request::get(pick(&CLIMBS, number)));
    until_banned(world, Scene::Traversal, "paths that climb out of their folder", requests, steps).await
}

pub(super) async fn scanner(world: &mut World, steps: &mut Steps) -> Result<()> {
    let requests = (0..MOST).map(|number| Request::get(pick(&SCANNED, number)));
    until_banned(world, Scene::Scanner, "paths like /.env and /wp-login.php", requests, steps).await
}

/// A user whom the hub knows and one whom it does not hear the same, until there is nothing more to hear.
pub(super) async fn guessing(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Guessing);
    let (known, unknown) = (world.technician.clone(), world.nobody(0));
    let begin = Instant::now();
    let right_form =
        |name: &str, number: usize| Request::post("/api/login", &json!({"username": name, "password": format!("guess {number}")}));
    let first = right_form(&known, 0).send(&from).await?;
    let other = right_form(&unknown, 0).send(&from).await?;
    let both = format!("{} and {}", first.status, other.status);
    let is_same = first.status == 401 && other.status == 401 && first.body == other.body;
    steps.note("a wrong password for a known user, and for an unknown one", both, is_same, "401, word for word the same");
    let more = (1..MOST).map(|number| right_form(if number % 2 == 0 { &known } else { &unknown }, number));
    until_banned(world, Scene::Guessing, "more guesses", more, steps).await?;
    let took = begin.elapsed().as_secs_f64();
    steps.note("all guesses", format!("held for {took:.1} s"), true, "");
    let owner = Api::login(&world.from(Scene::Work), &known, &world.password).await;
    steps.note("the owner of the account, from elsewhere", if owner.is_ok() { "in" } else { "refused" }, owner.is_ok(), "in");
    Ok(())
}

/// Sends until the hub says that the address is banned, and looks what else holds then.
async fn until_banned(world: &World, scene: Scene, what: &str, requests: impl Iterator<Item = Request>, steps: &mut Steps) -> Result<()> {
    let from = world.from(scene);
    let mut statuses = Vec::new();
    for request in requests {
        let reply = request.send(&from).await?;
        if is_ban(&reply) {
            break;
        }
        statuses.push(reply.status);
    }
    let count = statuses.len();
    let is_sound = statuses.iter().all(|status| (400..500).contains(status) || *status == 200);
    steps.note(format!("{count} {what}"), in_short(&statuses), is_sound, "no answer of a server in trouble");
    banned(world, scene, steps).await
}

/// What must hold for an address that is banned: 403 for people, 4403 for a wrong agent, and a right one gets in.
pub(super) async fn banned(world: &World, scene: Scene, steps: &mut Steps) -> Result<()> {
    let from = world.from(scene);
    let reply = Api::new(&from).get("/").await?;
    let kind = reply.json().get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    steps.note("the panel, from there", format!("{} {kind}", reply.status), is_ban(&reply), "403 /problems/banned");
    agents::at_a_ban(world, &from, steps).await
}

/// Whether this is the answer to somebody who is banned.
pub(super) fn is_ban(reply: &Reply) -> bool {
    reply.status == 403 && reply.json().get("type").is_some_and(|kind| kind == "/problems/banned")
}

/// `401 ×9, 404`.
fn in_short(statuses: &[u16]) -> String {
    let mut parts: Vec<(u16, usize)> = Vec::new();
    for status in statuses {
        match parts.iter_mut().find(|(known, _)| known == status) {
            Some((_, count)) => *count += 1,
            None => parts.push((*status, 1)),
        }
    }
    parts.iter().map(|(status, count)| format!("{status} ×{count}")).collect::<Vec<_>>().join(", ")
}

fn pick<'a>(of: &[&'a str], number: usize) -> &'a str {
    of.get(number % of.len().max(1)).copied().unwrap_or("/")
}
