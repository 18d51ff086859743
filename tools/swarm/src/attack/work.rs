//! Those who are no attackers: people and sensors who may say anything, the administrator, a branch that looks on.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::target::reachable;
use super::world::World;
use super::{Scene, Steps};
use crate::PATIENCE;
use crate::http::Api;
use crate::sensor::Sensor;
use crate::tls::Endpoint;

/// What every filter would stumble over, and what must be delivered as it is.
const EVIL: &str = "' OR 1=1 -- <script>alert(1)</script> ../../etc/passwd";
/// More than strikes to a ban.
const TIMES: usize = 15;
const LOOK: Duration = Duration::from_millis(100);

/// Text of whoever has shown who he is never is a strike, however it looks.
pub(super) async fn say_anything(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Work);
    let ana = Api::login(&from, &world.technician, &world.password).await?;
    let took = world.alert_watcher(&ana, EVIL).await;
    let answered = took.as_ref().map_or_else(|err| format!("{err:#}"), |ms| format!("delivered word for word after {ms} ms"));
    steps.note(format!("a technician sends `{EVIL}`"), answered, took.is_ok(), "delivered as it is");
    let sensor = Api::with_token(&from, &world.sensor_token);
    let mut is_fine = true;
    for _ in 0..TIMES {
        is_fine &= ana.get("/api/alerts?search=%27%20OR%201%3D1%20--").await?.status == 200;
        is_fine &= sensor.post("/api/events", &json!({"source": EVIL, "message": EVIL})).await?.status == 201;
    }
    let answered = if is_fine { "all taken" } else { "some were refused" };
    steps.note(format!("{TIMES} searches of hers and {TIMES} events of a sensor with such text"), answered, is_fine, "all taken");
    if let Some(door) = door_of_sensors(world, &from).await? {
        let event = json!({"token": world.sensor_token, "source": "plc", "message": EVIL});
        let taken = Sensor::connect_tls(&door).await?.event(&event).await;
        let answered = taken.as_ref().map_or_else(|err| format!("{err:#}"), |_| "durable".to_owned());
        steps.note("the same as a line over TLS", answered, taken.is_ok(), "durable");
    }
    no_strikes(world, &from, steps).await
}

/// One strike of purpose, so that everything before it has been written down when it has.
async fn no_strikes(world: &World, from: &Endpoint, steps: &mut Steps) -> Result<()> {
    Api::new(from).get("/.env").await?;
    let path = format!("/api/security/events?ip={}&from={}", Scene::Work.address(), world.began);
    let noticed = eventually(async || {
        let noticed = list(&world.admin, &path, "events").await?;
        Ok((!noticed.is_empty()).then_some(noticed))
    })
    .await?;
    let kinds: Vec<&str> = noticed.iter().filter_map(|event| event.get("kind")?.as_str()).collect();
    steps.note("what the guard noticed of that address, after one visit to /.env", kinds.join(", "), kinds == ["scanner"], "scanner, once");
    Ok(())
}

/// Where sensors speak TLS, if this hub lets them.
async fn door_of_sensors(world: &World, from: &Endpoint) -> Result<Option<Endpoint>> {
    let config = world.admin.get("/api/config").await?.expect(200)?;
    let address = config.get("events_tls").and_then(Value::as_str).and_then(|text| text.parse::<SocketAddr>().ok());
    let Some(address) = address.and_then(|address| reachable(address).ok()) else { return Ok(None) };
    Ok(Some(Endpoint { address, ..from.clone() }))
}

/// The administrator sees everybody who was banned, and lets the first one in again.
pub(super) async fn look_and_lift(world: &mut World, steps: &mut Steps) -> Result<()> {
    let wanted: Vec<String> = world.scenes.iter().filter(|scene| scene.bans()).map(|scene| scene.address().to_string()).collect();
    let missing = async || {
        let bans = list(&world.admin, "/api/security/bans?limit=500", "bans").await?;
        let is_listed =
            |ip: &String| bans.iter().any(|ban| ban.get("ip").and_then(Value::as_str) == Some(ip) && ban.get("client").is_none());
        let missing: Vec<String> = wanted.iter().filter(|ip| !is_listed(ip)).cloned().collect();
        anyhow::Ok(missing)
    };
    // What bans is written down a moment later.
    let seen = eventually(async || Ok(missing().await?.is_empty().then_some(()))).await;
    let answered = if seen.is_ok() { format!("{} of them", wanted.len()) } else { format!("missing: {}", missing().await?.join(", ")) };
    steps.note("the list of bans", answered, seen.is_ok(), "every address that was banned");
    let from = world.from(Scene::Bans);
    let is_lifted = world.lift(Scene::Bans.address()).await?;
    let status = Api::new(&from).get("/healthz").await?.status;
    let answered = format!("{}; then {status} from there", if is_lifted { "204" } else { "404" });
    steps.note("lifting the ban", answered, is_lifted && status == 200, "204; then 200 from there");
    Ok(())
}

pub(super) async fn watch(world: &mut World, steps: &mut Steps) -> Result<()> {
    let is_connected = world.watcher.is_connected();
    steps.note("its session", if is_connected { "never ended" } else { "has ended" }, is_connected, "never ended");
    let admin = world.admin.clone();
    let took = world.alert_watcher(&admin, "the attack is over").await?;
    steps.note("one more alert to it", format!("there after {took} ms"), true, "");
    Ok(())
}

async fn list(admin: &Api, path: &str, plural: &str) -> Result<Vec<Value>> {
    let answer = Box::pin(admin.get(path)).await?.expect(200)?;
    answer.get(plural).and_then(Value::as_array).cloned().with_context(|| format!("{path}: no {plural}"))
}

/// Looks again and again until there is something, for a while.
async fn eventually<T>(mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    crate::within(PATIENCE, "waiting for what the guard writes down", async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
    })
    .await
}
