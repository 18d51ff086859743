//! Attackers who speak as agents: wrong keys, wrong codes, garbage. And agents that merely were set up wrongly.

use anyhow::{Context as _, Result};
use shared::wire::to_agent::{Rejection, ToAgent};
use shared::wire::to_hub::{Enrol, ToHub};

use super::web::{self, MOST};
use super::world::World;
use super::{Scene, Steps};
use crate::PATIENCE;
use crate::agent::Agent;
use crate::http::Api;
use crate::tls::Endpoint;

/// How the hub refused: the reason and the close code.
type Refusal = (Rejection, u16);

/// One PC that has an old key tries for ever: it alone is kept out.
pub(super) async fn one_name(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::OneName);
    let [_, sol, luna] = world.branches.as_slice() else { anyhow::bail!("three agents are needed") };
    let tries = until_banned(MOST, async |_| knock(&from, &sol.name, "an old key").await).await?;
    note_tries(steps, "tries with an old key, always the same PC", &tries, Rejection::WrongKey);
    let people = Api::new(&from).get("/healthz").await?.status;
    steps.note("people behind the same address", people.to_string(), people == 200, "200");
    note_entry(steps, "its neighbour with the right key", Agent::connect(&from, &luna.name, &luna.key).await);
    note_entry(steps, "the PC itself, once it has its right key", Agent::connect(&from, &sol.name, &sol.key).await);
    Ok(())
}

pub(super) async fn many_names(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::ManyNames);
    let tries = until_banned(MOST, async |number| knock(&from, &world.nobody(number), "a guess").await).await?;
    note_tries(steps, "tries, each with another name", &tries, Rejection::UnknownClient);
    web::banned(world, Scene::ManyNames, steps).await
}

pub(super) async fn codes(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Codes);
    let tries = until_banned(MOST, async |number| {
        let code = format!("{number:04}-AAAA-BBBB-CCCC");
        let enrol = ToHub::Enrol(Enrol { username: world.nobody(0), code });
        say(&from, &enrol.encode()).await
    });
    note_tries(steps, "enrolments with codes that were never given", &tries.await?, Rejection::BadCode);
    web::banned(world, Scene::Codes, steps).await
}

pub(super) async fn frames(world: &mut World, steps: &mut Steps) -> Result<()> {
    let from = world.from(Scene::Frames);
    let garbage = ["no json", "{}", "[1,2,3]", "{\"action\":\"connect\"}", "{\"action\":17}"];
    let pick = |number: usize| garbage.get(number % garbage.len()).copied().unwrap_or_default();
    let tries = until_banned(MOST, async |number| say(&from, pick(number)).await).await?;
    note_tries(steps, "connections that begin with garbage", &tries, Rejection::BadRequest);
    web::banned(world, Scene::Frames, steps).await
}

/// What agents meet behind an address that is banned.
pub(super) async fn at_a_ban(world: &World, from: &Endpoint, steps: &mut Steps) -> Result<()> {
    let (reason, code) = knock(from, &world.nobody(1), "a guess").await?;
    let is_banned = (reason, code) == (Rejection::Banned, 4403);
    steps.note(
        "an agent with a wrong key, from there",
        format!("{}, closed with {code}", reason.as_str()),
        is_banned,
        "banned, closed with 4403",
    );
    let right = world.branches.last().context("no agents")?;
    note_entry(steps, "an agent with its right key, from there", Agent::connect(from, &right.name, &right.key).await);
    Ok(())
}

async fn until_banned(most: usize, mut attempt: impl AsyncFnMut(usize) -> Result<Refusal>) -> Result<Vec<Refusal>> {
    let mut tries = Vec::new();
    for number in 0..most {
        tries.push(attempt(number).await?);
        if tries.last().is_some_and(|(reason, _)| *reason == Rejection::Banned) {
            break;
        }
    }
    Ok(tries)
}

fn note_tries(steps: &mut Steps, what: &str, tries: &[Refusal], usual: Rejection) {
    let (before, last) = (tries.len().saturating_sub(1), tries.last().copied());
    let is_usual = before > 0 && tries.iter().take(before).all(|refusal| *refusal == (usual, usual.close_code()));
    let said = |(reason, code): Refusal| format!("{}, closed with {code}", reason.as_str());
    let first = tries.first().copied().map(said).unwrap_or_default();
    let end = last.map(said).unwrap_or_default();
    let expected = format!("{}, and in the end: banned, closed with 4403", said((usual, usual.close_code())));
    let is_expected = is_usual && last == Some((Rejection::Banned, 4403));
    steps.note(format!("{} {what}", tries.len()), format!("{first}; in the end: {end}"), is_expected, &expected);
}

fn note_entry<T>(steps: &mut Steps, who: &str, entry: Result<T>) {
    let (answered, is_in) = entry.map_or_else(|err| (format!("{err:#}"), false), |_| ("connected".to_owned(), true));
    steps.note(who, answered, is_in, "connected");
}

async fn knock(from: &Endpoint, name: &str, key: &str) -> Result<Refusal> {
    let (agent, answer) = Agent::knock(from, name, key).await?;
    refusal(agent, answer).await
}

/// Says one thing on a new connection.
async fn say(from: &Endpoint, text: &str) -> Result<Refusal> {
    let mut agent = Agent::open(from).await?;
    agent.send_text(text).await?;
    let answer = agent.recv(PATIENCE).await?;
    refusal(agent, answer).await
}

async fn refusal(mut agent: Agent, answer: ToAgent) -> Result<Refusal> {
    match answer {
        ToAgent::Rejected(rejected) => Ok((rejected.reason, agent.close_code(PATIENCE).await?)),
        other => anyhow::bail!("expected a refusal, got {other:?}"),
    }
}
