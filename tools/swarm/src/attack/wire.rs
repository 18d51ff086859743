//! Attackers below the requests: no TLS, slowness, floods, and knocking on when they are banned.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use super::web::{self, MOST, is_ban};
use super::world::World;
use super::{Scene, Steps};
use crate::http::Api;
use crate::tls::{Endpoint, SERVER_NAME};
use crate::{PATIENCE, within};

/// The hub gives a handshake or the head of a request ten seconds.
const CUT_AFTER: Duration = Duration::from_secs(15);
const SLOW: usize = 20;
/// More than a whole branch on a bad line ever has in a minute, and less than one address may hold.
const ENDLESS: usize = 900;
const FLOODING: usize = 8;
const FLOOD_MOST: usize = 60_000;
const KNOCKS: usize = 80;

pub(super) async fn no_tls(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::NoTls);
    let mut count = 0;
    while count < MOST && !is_ban(&Api::new(&from).get("/healthz").await?) {
        let mut bare = from.connect().await?;
        bare.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n").await?;
        end_of(&mut bare, PATIENCE).await?;
        count += 1;
    }
    let is_some = count > 0 && count < MOST;
    steps.note(
        "connections with plain HTTP where TLS is due",
        format!("banned after {count}"),
        is_some,
        "each is closed, and in the end a ban",
    );
    web::banned(world, Scene::NoTls, steps).await
}

/// Whoever is slow loses the connection; that alone bans nobody: a bad line is no attack.
pub(super) async fn slow(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Slow);
    let begin = Instant::now();
    let mut waiting = JoinSet::new();
    for _ in 0..SLOW {
        let mut bare = from.connect().await?;
        waiting.spawn(async move { end_of(&mut bare, CUT_AFTER).await });
        let mut half = from.dial().await?;
        half.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\nX-Slow: ").await?;
        half.flush().await?;
        waiting.spawn(async move { end_of(&mut half, CUT_AFTER).await });
    }
    let meanwhile = Api::new(&from).get("/healthz").await?.status;
    steps.note("a proper request meanwhile", meanwhile.to_string(), meanwhile == 200, "200");
    let cut = waiting.join_all().await.iter().filter(|ended| ended.is_ok()).count();
    let answered = format!("{cut} cut after at most {:.0} s", begin.elapsed().as_secs_f64());
    steps.note(format!("{} slow connections", 2 * SLOW), answered, cut == 2 * SLOW, "all cut within 15 s");
    Ok(())
}

/// Hundreds of requests that never end take the hub's places from others: cut, and banned.
pub(super) async fn slowloris(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Slowloris);
    let mut waiting = JoinSet::new();
    for _ in 0..ENDLESS {
        let mut half = from.dial().await?;
        half.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\nX-Slow: ").await?;
        half.flush().await?;
        waiting.spawn(async move { end_of(&mut half, CUT_AFTER).await });
    }
    let others = Api::new(&world.from(Scene::Work)).get("/healthz").await?.status;
    steps.note("another address meanwhile", others.to_string(), others == 200, "200");
    let cut = waiting.join_all().await.iter().filter(|ended| ended.is_ok()).count();
    steps.note(format!("{ENDLESS} requests that never end"), format!("{cut} cut"), cut == ENDLESS, "all cut");
    web::banned(world, Scene::Slowloris, steps).await
}

/// Requests as fast as they are answered: most are refused, and who goes on is banned. An alert passes meanwhile.
pub(super) async fn flood(world: &mut World, steps: &mut Steps) -> Result<()> {
    let (sent, slowed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut flooding = JoinSet::new();
    for _ in 0..FLOODING {
        flooding.spawn(ask_on(world.from(Scene::Flood), Arc::clone(&sent), Arc::clone(&slowed)));
    }
    let admin = world.admin.clone();
    let alert = world.alert_watcher(&admin, "while the hub is flooded").await;
    let answered = alert.as_ref().map_or_else(|err| format!("{err:#}"), |ms| format!("there after {ms} ms"));
    steps.note("an alert to a branch meanwhile", answered, alert.is_ok(), "there within 10 s");
    let ended = flooding.join_all().await.into_iter().filter(|ended| matches!(ended, Ok(true))).count();
    let count = sent.load(Ordering::Relaxed);
    steps.note(
        format!("{count} requests over {FLOODING} connections"),
        format!("{ended} connections ended with a ban"),
        ended > 0,
        "a ban",
    );
    let slowed = slowed.load(Ordering::Relaxed);
    steps.note("refused before the ban", format!("429 ×{slowed}"), slowed > 0, "429");
    web::banned(world, Scene::Flood, steps).await
}

/// One connection of a flood; true if it ended with a ban.
async fn ask_on(hub: Endpoint, sent: Arc<AtomicUsize>, slowed: Arc<AtomicUsize>) -> Result<bool> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(hub.dial().await?)).await?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    while sent.fetch_add(1, Ordering::Relaxed) < FLOOD_MOST {
        let request = Request::builder().uri("/healthz").header(hyper::header::HOST, SERVER_NAME).body(Empty::<Bytes>::new())?;
        let answer = within(PATIENCE, "a request of the flood", async {
            sender.ready().await?;
            Ok(sender.send_request(request).await?)
        })
        .await?;
        if answer.status() == 403 {
            return Ok(true);
        }
        slowed.fetch_add(usize::from(answer.status() == 429), Ordering::Relaxed);
        within(PATIENCE, "an answer to the flood", async { Ok(answer.into_body().collect().await?) }).await?;
    }
    Ok(false)
}

/// A banned address that goes on costs the hub no handshakes.
pub(super) async fn knocking(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Knocking);
    let mut count = 0;
    while count < MOST && !is_ban(&Api::new(&from).get("/.env").await?) {
        count += 1;
    }
    ensure!(count < MOST, "it was not banned after {count} strikes");
    let (mut refused, mut dropped) = (0, 0);
    for _ in 0..KNOCKS {
        match Api::new(&from).get("/").await {
            Ok(reply) if is_ban(&reply) => refused += 1,
            Ok(reply) => anyhow::bail!("answered with {} though banned", reply.status),
            Err(_) => dropped += 1,
        }
    }
    let answered = format!("403 ×{refused}, then {dropped} dropped without a handshake");
    steps.note(format!("{KNOCKS} more connections"), answered, refused > 0 && dropped > 0, "some 403, then dropped");
    let people = Api::new(&world.from(Scene::Work)).get("/healthz").await?.status;
    steps.note("another address meanwhile", people.to_string(), people == 200, "200");
    Ok(())
}

/// Waits for the hub to end a connection, with a word or without.
async fn end_of(stream: &mut (impl AsyncRead + Unpin), deadline: Duration) -> Result<()> {
    within(deadline, "waiting for the end", async {
        let mut said = [0_u8; 256];
        // An end with an error is an end, too.
        while stream.read(&mut said).await.is_ok_and(|count| count > 0) {}
        Ok(())
    })
    .await
}
